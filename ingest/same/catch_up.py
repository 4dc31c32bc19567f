"""Articles of versions that made no sketches get theirs, a batch at a time, the newest first."""

from core.database import transaction
from ingest.same import store
from ingest.same.sketch import sketch

BATCH = 200  # articles in one transaction


def catch_up() -> int:
    """Sketch a batch; how many there were, 0 once all have one."""
    with transaction() as session:
        rows = store.unsketched(session, BATCH)
        if rows:
            store.add_sketches(session, ((article_id, sketch(text)) for article_id, text in rows))
    return len(rows)

"""Articles of versions that made no sketches get theirs, a batch at a time, the newest first."""

import asyncio
from contextlib import suppress

from sqlalchemy.exc import DBAPIError

from core.database import transaction
from ingest.same import store
from ingest.same.sketch import sketch

BATCH = 200  # articles in one transaction
_REST = 0.2  # seconds between two, in which others have the database
_TROUBLED = 30.0  # seconds to leave a database alone that does not answer


def catch_up() -> int:
    """Sketch a batch; how many there were, 0 once all have one."""
    with transaction() as session:
        rows = store.unsketched(session, BATCH)
        if rows:
            store.add_sketches(session, ((article_id, sketch(text)) for article_id, text in rows))
    return len(rows)


async def catch_up_until(stop: asyncio.Event) -> None:
    """Sketch what has no sketch, until there is none or `stop` is set."""
    rest = _REST
    while not stop.is_set():
        try:
            if not await asyncio.to_thread(catch_up):
                return
        except DBAPIError:
            rest = _TROUBLED
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), rest)
        rest = _REST

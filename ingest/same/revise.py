"""Another text at the address of a known article: cut, corrected, or another article altogether."""

from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from core.sql import Asker
from ingest.draft import Draft
from ingest.same import store
from ingest.same.judge import Text, is_reprint
from ingest.same.sketch import likeness, sketch

PAUSE = timedelta(hours=1)
"""Between two corrections of an article by polling, as a page may be never twice the same."""
_LIKE = 0.4
"""Likeness of two versions of one article at least. On the templates of tests/ingest two texts of different kinds reach
0.37 at most (0.10 in the middle), versions that differ in one sign 0.84 at least."""

Change = Literal["none", "corrected", "another"]


def change(session: Asker, draft: Draft, article_id: UUID, *, source_id: UUID | None) -> Change:
    """What the draft is to the article that has its address; that row is held until the transaction ends.

    What a source says counts for its own articles alone, and once an hour; what is pushed (no source) always counts.
    A text that says nothing more than the known one, as a feed's short form does, is no change. What was kept of a text
    that went tells whether another is like it, and no more: then it is no change either.
    """
    stored = store.current(session, article_id)
    if stored is None or (source_id is not None and not _may_speak(stored, source_id)):
        return "none"
    if stored.forgotten_at is not None and store.shares_band(session, article_id, sketch(draft.text)):
        return "none"  # there is nothing left to be corrected
    new, old = Text(draft.title, draft.text), Text(stored.title, stored.text)
    if is_reprint(new, old):
        return "none"
    if stored.forgotten_at is None and likeness(f"{new.title}\n{new.text}", f"{old.title}\n{old.text}") >= _LIKE:
        return "corrected"
    if source_id is not None and stored.moment - stored.fetched_at < PAUSE:
        return "none"
    return "another"


def _may_speak(stored: Any, source_id: UUID) -> bool:
    recent = stored.replaced_at is not None and stored.moment - stored.replaced_at < PAUSE
    return stored.source_id == source_id and not recent

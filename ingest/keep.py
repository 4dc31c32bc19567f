"""Drafts into rows: what is new is stored and announced to the extractor after the commit.

What is known by its address or its text is left; what says nothing that an article does not say is a reprint of it;
another text at a known address corrects the article there (ingest/same).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from core import work
from core.ahead import Ahead
from core.models import Source
from core.settings import settings
from core.sql import Asker
from ingest.draft import Draft
from ingest.same import revise, store
from ingest.same.judge import Text, is_reprint
from ingest.same.sketch import sketch


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of drafts: stored as articles, known already, reprints of articles, corrections of articles."""

    stored: int = 0
    known: int = 0
    reprints: int = 0
    revised: int = 0


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a draft; `article_id` is the article that it is, reprints or corrects."""

    status: Literal["stored", "known", "reprint", "revised"]
    article_id: UUID | None = None
    reason: str | None = None


def keep_all(
    session: Session, source: Source, drafts: Sequence[Draft], moment: datetime, *, quiet: bool = False
) -> Kept:
    """Keep what a source brought; `quiet` or not, history alerts nobody (see `is_history`)."""
    known = store.known(session, drafts)
    fates = Counter(
        keep(session, one, source_id=source.id, quiet=quiet or is_history(source, one.published, moment)).status
        for one in drafts
        if not (one.content_hash in known and (one.canonical_url is None or one.canonical_url in known))
    )
    others = len(drafts) - fates.total()
    return Kept(fates["stored"], fates["known"] + others, fates["reprint"], fates["revised"])


def keep(
    session: Asker,
    draft: Draft,
    *,
    source_id: UUID | None = None,
    quiet: bool = False,
    backlog: bool = False,
    ahead: Ahead | None = None,
) -> Fate:
    """Store one article and announce it, or find what it is the same as. Messages leave when `session` commits.

    History is read after all news. Of a `backlog`, as large as it may be, no message is sent: the scheduler's sweep
    finds it as there is room; nor does it correct what is known. `ahead`, its id, is given where it is all that its
    transaction keeps: it may wait for another that keeps the same text, and its message goes ahead (core/ahead.py).
    """
    if ahead and not (quiet or backlog):  # before the turn, for which its id would have to wait
        ahead.send(work.EXTRACT)
    bands = sketch(draft.text)
    if ahead:
        store.wait_turn(session, bands)
    row: dict[str, Any] = {"source_id": source_id, "quiet": quiet, "later": quiet or backlog, "announced": not backlog}
    row["own_id"] = ahead.id if ahead else None
    added, near = store.keep(session, draft, bands, **row)
    if added is None:
        first = _reprinted(draft, near)
        if first is None:
            added = store.add(session, draft, bands, **row)
        elif not store.met(session, draft):
            return _reprint(session, draft, first, source_id)
    if added is None:
        return _met(session, draft, bands, row, backlog=backlog)
    if not backlog:
        work.announce(session, work.EXTRACT, added, later=quiet)
    return Fate("stored", added)


def _reprinted(draft: Draft, near: Iterable[tuple[UUID, Text]]) -> UUID | None:
    """The article that says all that the draft says."""
    new = Text(draft.title, draft.text)
    return next((article_id for article_id, old in near if is_reprint(new, old)), None)


def _reprint(session: Asker, draft: Draft, article_id: UUID, source_id: UUID | None) -> Fate:
    store.add_reprint(session, draft, article_id, source_id=source_id)
    return Fate("reprint", article_id, f"a reprint of {article_id}")


def _met(session: Asker, draft: Draft, bands: Sequence[int], row: dict[str, Any], *, backlog: bool) -> Fate:
    """What becomes of a draft whose address or content is known."""
    found = store.met(session, draft)
    at_address = next((one for one in found if one.by_address), None)
    with_content = next((one for one in found if one.by_content), None)
    if with_content is not None:
        if at_address is None and draft.canonical_url:
            return _reprint(session, draft, with_content.id, row["source_id"])
        return Fate("known", with_content.id, "known by its content")
    if at_address is None:  # it was stored and taken away again meanwhile
        return Fate("known", None, "known by its address or its content")
    if not backlog and at_address.place == "article":
        change = revise.change(session, draft, at_address.id, source_id=row["source_id"])
        if change == "corrected":
            store.revise(session, draft, bands, at_address.id)
            work.announce(session, work.EXTRACT, at_address.id)
            return Fate("revised", at_address.id, f"a correction of {at_address.id}")
        if change == "another":
            store.release_key(session, at_address.id)
            return keep(session, draft, source_id=row["source_id"], quiet=row["quiet"])
    return Fate("known", at_address.id, "known by its address")


def is_old(published: datetime | None, now: datetime) -> bool:
    """Whether an article is of the day before yesterday's news: it joins the history and alerts nobody."""
    return published is not None and published < now - timedelta(days=settings().quiet_after_days)


def is_history(source: Source, published: datetime | None, moment: datetime) -> bool:
    """History rather than news: older than the source's first poll or than a week. What tells no time is history
    where it stood in the source when that was first read. A source may ask that its history alerts too."""
    if source.alert_backlog:
        return False
    if published is None:
        return source.last_success_at is None
    first = source.first_polled_at
    return is_old(published, moment) or (first is not None and published < first)

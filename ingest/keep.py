"""Drafts into rows: what is new is stored and announced to the extractor after the commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from core import work
from core.models import Source
from core.settings import settings
from core.sql import Asker
from ingest import store
from ingest.draft import Draft


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of drafts: stored as articles, known already."""

    stored: int = 0
    known: int = 0


def keep_all(
    session: Session, source: Source, drafts: Sequence[Draft], moment: datetime, *, quiet: bool = False
) -> Kept:
    """Keep what a source brought; `quiet` or not, history alerts nobody (see `is_history`)."""
    known = store.known(session, drafts)
    new = [one for one in drafts if one.content_hash not in known and one.canonical_url not in known]
    stored = 0
    for one in new:
        hushed = quiet or is_history(source, one.published, moment)
        stored += keep(session, one, source_id=source.id, quiet=hushed) is not None
    return Kept(stored=stored, known=len(drafts) - stored)


def keep(
    session: Asker, draft: Draft, *, source_id: UUID | None = None, quiet: bool = False, backlog: bool = False
) -> UUID | None:
    """Store one article and announce it; None where it is known. Its message leaves when `session` commits.

    History is read after all news. Of a `backlog`, as large as it may be, no message is sent: the scheduler's sweep
    finds it as there is room.
    """
    later = quiet or backlog
    article_id = store.add(session, draft, source_id=source_id, quiet=quiet, later=later, announced=not backlog)
    if article_id is not None and not backlog:
        work.announce(session, work.EXTRACT, article_id, later=later)
    return article_id


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

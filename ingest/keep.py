"""Drafts into rows: what is new is stored and announced to the extractor after the commit."""

from datetime import datetime, timedelta
from uuid import UUID

from core import work
from core.settings import settings
from core.sql import Asker
from ingest import store
from ingest.draft import Draft


def keep(session: Asker, draft: Draft, *, source_id: UUID | None = None, quiet: bool = False) -> UUID | None:
    """Store one article and announce it; None where it is known. Its message leaves when `session` commits."""
    article_id = store.add(session, draft, source_id=source_id, quiet=quiet)
    if article_id is not None:
        work.announce(session, work.EXTRACT, article_id)
    return article_id


def is_old(published: datetime | None, now: datetime) -> bool:
    """Whether an article is of the day before yesterday's news: it joins the history and alerts nobody."""
    return published is not None and published < now - timedelta(days=settings().quiet_after_days)

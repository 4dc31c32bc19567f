"""Articles that people bring, by the API or the command line, instead of a source."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from core.clock import as_utc
from core.sql import Asker
from ingest import store
from ingest.draft import Draft, draft
from ingest.errors import BadArticle
from ingest.keep import is_old, keep


@dataclass(frozen=True, slots=True)
class PushedArticle:
    """One article as brought: plain text; a `published` without a zone is read in Asia/Shanghai."""

    title: str
    text: str
    url: str | None = None
    published: datetime | None = None
    author: str | None = None
    source_name: str | None = None


@dataclass(frozen=True, slots=True)
class PushResult:
    """What became of one pushed article; `article_id` is that of the row it is, corrects (which `reason` says), or is a
    duplicate of."""

    status: Literal["stored", "duplicate", "rejected"]
    article_id: UUID | None = None
    reason: str | None = None


def push(session: Asker, articles: Sequence[PushedArticle], *, quiet: bool = False) -> list[PushResult]:
    """Store articles, one result each in their order; the caller commits, and then they are announced.

    `quiet` updates the history without alerting, as old articles do in any case.
    """
    moment = store.now(session)
    return [keep_ready(session, ready(article), moment, quiet=quiet) for article in articles]


def ready(article: PushedArticle) -> Draft | PushResult:
    """The article as it is to be kept, or the result that it is rejected."""
    try:
        return draft(
            title=article.title,
            text=article.text,
            url=article.url,
            published=as_utc(article.published) if article.published else None,
            author=article.author,
            source_name=article.source_name,
        )
    except (BadArticle, OverflowError) as error:
        return PushResult("rejected", reason=str(error))


def keep_ready(
    session: Asker, given: Draft | PushResult, moment: datetime, *, quiet: bool = False, **how: Any
) -> PushResult:
    """Store what `ready` has answered, at the database's present `moment`; `how` as `keep` has it."""
    if isinstance(given, PushResult):
        return given
    old = is_old(given.published, moment)
    fate = keep(session, given, quiet=quiet or old, **how)
    status: Literal["stored", "duplicate"] = "stored" if fate.status in ("stored", "revised") else "duplicate"
    return PushResult(status, fate.article_id, fate.reason)

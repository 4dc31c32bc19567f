"""The story of one source: due -> fetch -> parse -> clean -> deduplicate -> keep -> announce.

Whatever goes wrong with a source stands in its errors and puts off its next turn; nothing else stops.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from core.database import transaction
from core.errors import YinqiError
from core.http import BadUrl, Outbound
from core.models import Source
from core.settings import settings
from ingest import formats, store
from ingest.draft import Draft, draft
from ingest.errors import BadArticle
from ingest.fetch import Fetched, fetch
from ingest.formats import Item, Parsed
from ingest.keep import is_old, keep
from ingest.schedule import after_failure, after_success
from ingest.urls import canonical

log = structlog.get_logger(__name__)
LEASE = 120.0  # seconds for one source: longer than the longest fetch, parse and store together
_SHOWN = 200  # characters of an item in an error

Problems = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one poll brought: articles stored, known already, refused; `error` where the poll failed."""

    stored: int = 0
    known: int = 0
    errors: int = 0
    error: str | None = None


def refresh_next(out: Outbound) -> Outcome | None:
    """Poll the source that has been due longest; None where none is due."""
    with transaction() as session:
        source = store.claim_due(session, lease=LEASE)
    return None if source is None else refresh(source, out)


def refresh(source: Source, out: Outbound) -> Outcome:
    """Poll a claimed source; never raises but for the database."""
    fetched: Fetched | None = None
    try:
        fetched = fetch(out, source.url, etag=source.etag, last_modified=source.last_modified)
        fetched.check()
        parsed = _parse(source, fetched)
        outcome = _keep(source, fetched, parsed)
    except YinqiError as error:
        return _failed(source, fetched, str(error))
    except (OperationalError, InterfaceError):
        raise  # the database is away, which is no fault of the source
    except Exception as error:
        log.exception("source.unexpected", source=str(source.id))
        told = str(error).partition("\n")[0][:_SHOWN]  # further lines of a database error quote whole articles
        return _failed(source, fetched, f"unexpected {type(error).__name__}: {told}")
    log.info("source.polled", source=str(source.id), stored=outcome.stored, known=outcome.known, errors=outcome.errors)
    return outcome


def _parse(source: Source, fetched: Fetched) -> Parsed:
    """The items of a changed body, none of an unchanged one."""
    if not fetched.is_modified:
        return Parsed(())
    answer = fetched.response
    chosen = formats.choose(answer.body, fetched.content_type, name=source.url)
    return chosen.parse(answer.body, url=answer.url, zone=source.zone, content_type=fetched.content_type)


def _keep(source: Source, fetched: Fetched, parsed: Parsed) -> Outcome:
    """Store what is new and what went wrong, and set the source's next turn, in one transaction."""
    drafts, problems = _drafts(source, parsed)
    with transaction() as session:
        if not store.source_exists(session, source.id):
            return Outcome(error="the source was deleted meanwhile")
        moment = store.now(session)
        known = store.known(session, drafts)
        new = [one for one in drafts if one.content_hash not in known and one.canonical_url not in known]
        stored = sum(_stored(session, source, one, moment) for one in new)
        store.add_errors(session, source.id, problems)
        interval = timedelta(seconds=source.interval) if source.interval else None
        pause = after_success(interval, default=timedelta(seconds=settings().source_interval), ttl=parsed.ttl)
        store.record_success(
            session,
            source,
            pause=max(pause, fetched.retry_after(moment) or timedelta()),
            etag=fetched.etag or (None if fetched.is_modified else source.etag),
            last_modified=fetched.last_modified or (None if fetched.is_modified else source.last_modified),
            got_items=stored > 0,
        )
    return Outcome(stored=stored, known=len(drafts) - stored, errors=len(problems))


def _drafts(source: Source, parsed: Parsed) -> tuple[list[Draft], Problems]:
    """The items as articles, and (input, reason) of all that could not be read or kept."""
    problems = [(_place(source, error.position), error.reason) for error in parsed.errors]
    links = Counter(item.url for item in parsed.items)
    drafts = []
    for item in parsed.items:
        place = _place(source, item.position, item)
        url, problem = _address(item)
        if problem:
            problems.append((place, problem))
        try:
            made = _draft(source, item, url)
        except BadArticle as error:
            problems.append((place, str(error)))
        else:
            # one address for several items is that of the site, not of an article
            drafts.append(made.without_key() if links[item.url] > 1 else made)
    return drafts, problems


def _address(item: Item) -> tuple[str | None, str | None]:
    """The item's address if it is one, else what is wrong with it; the article is worth keeping without."""
    try:
        return (item.url, None) if item.url and canonical(item.url) else (None, None)
    except BadUrl as error:
        return None, f"kept without its address: {error}"


def _draft(source: Source, item: Item, url: str | None) -> Draft:
    return draft(
        title=item.title,
        text=item.text,
        url=url,
        published=item.published,
        author=item.author,
        source_name=source.name,
    )


def _stored(session: Session, source: Source, one: Draft, moment: datetime) -> bool:
    return keep(session, one, source_id=source.id, quiet=_is_quiet(source, one, moment)) is not None


def _is_quiet(source: Source, one: Draft, moment: datetime) -> bool:
    """History rather than news: older than the source's first poll or than a week. What tells no time is history
    where it stood in the feed when that was first read. A source may ask that its history alerts too."""
    if source.alert_backlog:
        return False
    if one.published is None:
        return source.last_success_at is None
    first = source.first_polled_at
    return is_old(one.published, moment) or (first is not None and one.published < first)


def _place(source: Source, position: int, item: Item | None = None) -> str:
    if position == 0:
        return source.url
    named = f" ({(item.url or item.title)[:_SHOWN]})" if item else ""
    return f"{source.url} item {position}{named}"


def _failed(source: Source, fetched: Fetched | None, reason: str) -> Outcome:
    """Tell the failure and put off the next turn."""
    interval = timedelta(seconds=source.interval or settings().source_interval)
    with transaction() as session:
        asked = fetched.retry_after(store.now(session)) if fetched else None
        pause = after_failure(interval, failures=source.failures + 1, retry_after=asked)
        store.record_failure(session, source, pause=pause, reason=reason)
    log.warning("source.failed", source=str(source.id), failures=source.failures + 1, reason=reason)
    return Outcome(error=reason)

"""The story of one source: due -> fetch -> parse -> clean -> deduplicate -> keep -> announce.

Whatever goes wrong with a source stands in its errors and puts off its next turn; nothing else stops.
"""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from core.database import transaction
from core.errors import YinqiError
from core.http import Outbound
from core.models import Source
from core.settings import settings
from ingest import formats, store
from ingest.fetch import Fetched, fetch
from ingest.files import folder
from ingest.formats import Body, Parsed
from ingest.gather import gather
from ingest.keep import keep_all
from ingest.schedule import after_failure, after_success

log = structlog.get_logger(__name__)
LEASE = 120.0  # seconds for one source: longer than the longest fetch, parse and store together
_SHOWN = 200  # characters of an unexpected error


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
        if source.kind == folder.KIND:
            return _watch(source)
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


def _watch(source: Source) -> Outcome:
    """Keep what is new in a watched folder, and set its next turn."""
    found = folder.collect(source, formats.read)
    pause = timedelta(seconds=source.interval or found.pause)
    with transaction() as session:
        got_items = found.stored > 0
        store.record_success(session, source, pause=pause, etag=None, last_modified=None, got_items=got_items)
    return Outcome(stored=found.stored, known=found.known, errors=len(found.problems))


def _parse(source: Source, fetched: Fetched) -> Parsed:
    """The items of a changed body, none of an unchanged one."""
    if not fetched.is_modified:
        return Parsed(())
    answer = fetched.response
    return formats.read(
        Body(
            content=answer.body,
            url=answer.url,
            content_type=fetched.content_type,
            kind=source.kind,
            selector=source.selector,
            zone=source.zone,
        )
    )


def _keep(source: Source, fetched: Fetched, parsed: Parsed) -> Outcome:
    """Store what is new and what went wrong, and set the source's next turn, in one transaction."""
    found = gather(source, parsed)
    with transaction() as session:
        if not store.source_exists(session, source.id):
            return Outcome(error="the source was deleted meanwhile")
        moment = store.now(session)
        kept = keep_all(session, source, found.drafts, moment)
        store.add_errors(session, source.id, found.problems)
        interval = timedelta(seconds=source.interval) if source.interval else None
        pause = after_success(interval, default=timedelta(seconds=settings().source_interval), ttl=parsed.ttl)
        store.record_success(
            session,
            source,
            pause=max(pause, fetched.retry_after(moment) or timedelta()),
            etag=fetched.etag or (None if fetched.is_modified else source.etag),
            last_modified=fetched.last_modified or (None if fetched.is_modified else source.last_modified),
            got_items=kept.stored > 0,
        )
    return Outcome(stored=kept.stored, known=kept.known, errors=len(found.problems))


def _failed(source: Source, fetched: Fetched | None, reason: str) -> Outcome:
    """Tell the failure and put off the next turn."""
    interval = timedelta(seconds=source.interval or settings().source_interval)
    with transaction() as session:
        asked = fetched.retry_after(store.now(session)) if fetched else None
        pause = after_failure(interval, failures=source.failures + 1, retry_after=asked)
        store.record_failure(session, source, pause=pause, reason=reason)
    log.warning("source.failed", source=str(source.id), failures=source.failures + 1, reason=reason)
    return Outcome(error=reason)

"""The story of one source: due -> fetch -> parse -> clean -> deduplicate -> keep -> announce.

Whatever goes wrong with a source stands in its errors and puts off its next turn; nothing else stops.
"""

import asyncio
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from core.errors import YinqiError
from core.models import Source
from core.settings import settings
from ingest import links, robots, seen, store, walls
from ingest.errors import Forbidden
from ingest.fetch import Fetched, fetch
from ingest.files import folder
from ingest.formats import Body, Parsed, Part
from ingest.gather import Gathered, gather
from ingest.jobs import Job, Polled
from ingest.keep import Kept, keep_all
from ingest.schedule import Limits, Wishes, after_failure, after_success, first_rhythm, new_rhythm
from ingest.ways import Ways

log = structlog.get_logger(__name__)
_SHOWN = 200  # characters of an unexpected error


@dataclass(frozen=True, slots=True)
class Brought:
    """What a changed body came to: articles kept, links named, what could not be read or kept."""

    kept: Kept
    links: int
    problems: int

    @property
    def new(self) -> int:
        """What the source had not told before."""
        return self.kept.stored + self.kept.reprints + self.links


async def refresh(job: Job, ways: Ways) -> Polled:
    """Poll a claimed source; never raises but for the database."""
    fetched: Fetched | None = None
    try:
        fetched = await _fetch(job, ways)
        await walls.check(fetched, body_of(job.source, fetched, kind="page"), ways.readers.read)
        body = body_of(job.source, fetched)
        if not fetched.is_modified or seen.is_same(job.source, body):
            log.debug("source.unchanged", source=str(job.source.id))
            return _unchanged(job, fetched)
        parsed = await ways.readers.read(body)
        brought = await _keep(job, parsed, ways)
    except (OperationalError, InterfaceError):
        raise  # the database is away, which is no fault of the source
    except Exception as error:
        return failed(job, fetched, error)
    if brought is None:
        log.info("source.deleted", source=str(job.source.id))
        return _unchanged(job, fetched)
    log.info(
        "source.polled",
        source=str(job.source.id),
        stored=brought.kept.stored,
        known=brought.kept.known + brought.kept.reprints + parsed.passed,
        links=brought.links,
        errors=brought.problems,
    )
    return _changed(job, fetched, parsed, brought, body)


async def _fetch(job: Job, ways: Ways) -> Fetched:
    source, place = job.source, job.place
    return await fetch(
        ways.out,
        source.url,
        etag=source.etag,
        last_modified=source.last_modified,
        before_hop=lambda url: ways.hosts.check_hop(url, place),
    )


async def watch(job: Job, ways: Ways) -> Polled:
    """Look through a claimed folder; never raises but for the database."""
    source = job.source
    if source.first_polled_at is None:
        source.first_polled_at = job.at
    try:
        found = await asyncio.to_thread(folder.collect, source, ways.readers.read_now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        return failed(job, None, error)
    log.info("source.polled", source=str(source.id), stored=found.stored, known=found.known, errors=len(found.problems))
    return Polled(
        source=source,
        at=job.at,
        pause=source.interval or found.pause,
        stored=found.stored,
        known=found.known,
        problems=len(found.problems),
    )


def body_of(source: Source, fetched: Fetched, *, kind: str | None = None) -> Body:
    """The answer's body as a format reads it; `kind` where it is another than the source's."""
    answer = fetched.response
    return Body(
        content=answer.body,
        url=answer.url,
        content_type=fetched.content_type,
        kind=source.kind if kind is None else kind,
        selector=source.selector,
        zone=source.zone,
        seen=seen.seen(source).items,
    )


async def _keep(job: Job, parsed: Parsed, ways: Ways) -> Brought | None:
    """Store what is new and what went wrong, in one transaction; None where the source was deleted meanwhile."""
    source = job.source
    if source.first_polled_at is None:
        source.first_polled_at = job.at
    found = gather(source, parsed)
    return await ways.keeper.do(lambda session: _store(session, job, found, parsed.parts))


def _store(session: Session, job: Job, found: Gathered, parts: tuple[Part, ...]) -> Brought | None:
    source = job.source
    if not store.source_exists(session, source.id):
        return None
    kept = keep_all(session, source, found.drafts, job.at)
    named = links.name(session, source, (found.links, parts), job.at)
    store.add_errors(session, source.id, found.problems)
    return Brought(kept, named, len(found.problems))


def _unchanged(job: Job, fetched: Fetched) -> Polled:
    """Nothing new; the marks for the next conditional request stay unless the answer names others."""
    source = job.source
    since = source.last_item_at or source.last_success_at or source.first_polled_at or job.at
    silence = (job.at - since).total_seconds()
    ttl = seen.seen(source).ttl  # it still asks for what it asked for when it was read
    return Polled(
        source=source,
        at=job.at,
        pause=after_success(limits_of(source), _wishes(job, fetched, ttl), rhythm=source.rhythm, silence=silence),
        etag=fetched.etag or source.etag,
        last_modified=fetched.last_modified or source.last_modified,
    )


def _changed(job: Job, fetched: Fetched, parsed: Parsed, brought: Brought, body: Body) -> Polled:
    """All that the body named is in rows, so that it need not be sent again, unless a part of it could not be read."""
    source = job.source
    whole = all(error.position for error in parsed.errors) and all(part.updated for part in parsed.parts)
    since = source.last_item_at or source.last_success_at or source.first_polled_at or job.at
    elapsed = (job.at - since).total_seconds()
    if source.last_success_at is None:
        rhythm = first_rhythm([item.published for item in parsed.items if item.published])
    else:
        rhythm = new_rhythm(source.rhythm, articles=brought.new, elapsed=elapsed)
    silence = 0.0 if brought.new else elapsed
    ttl = parsed.ttl.total_seconds() if parsed.ttl else 0.0
    return Polled(
        source=source,
        at=job.at,
        pause=after_success(limits_of(source), _wishes(job, fetched, ttl), rhythm=rhythm, silence=silence),
        etag=fetched.etag if whole else None,
        last_modified=fetched.last_modified if whole else None,
        stored=brought.kept.stored,
        known=brought.kept.known + brought.kept.reprints + parsed.passed,
        links=brought.links,
        problems=brought.problems,
        items=len(parsed.items) + parsed.passed,
        rhythm=rhythm,
        seen=seen.told(source, body, parsed, whole=whole),
    )


def failed(job: Job, fetched: Fetched | None, error: Exception) -> Polled:
    """Tell the failure and put off the next turn."""
    source = job.source
    reason = str(error) if isinstance(error, YinqiError) else _unexpected(job, error)
    failures = source.failures + 1
    refused, limits = isinstance(error, Forbidden), limits_of(source)
    asked = fetched.retry_after(job.at) if fetched else 0.0
    if refused and not robots.is_unreached(job.place.robots):
        asked = limits.most
    pause = after_failure(limits, failures=failures, retry_after=asked)
    log.warning("source.failed", source=str(source.id), failures=failures, reason=reason)
    return Polled(source=source, at=job.at, pause=pause, reason=reason, error=error, asked=not refused, once=refused)


def _unexpected(job: Job, error: Exception) -> str:
    log.error("source.unexpected", source=str(job.source.id), exc_info=error)
    told = str(error).partition("\n")[0][:_SHOWN]  # further lines of a database error quote whole articles
    return f"unexpected {type(error).__name__}: {told}"


def limits_of(source: Source) -> Limits:
    """Within which the source is asked: its own limits, else the installation's."""
    return Limits(
        shortest=source.shortest_interval or settings().shortest_interval,
        longest=source.longest_interval or settings().longest_interval,
        fixed=source.interval,
    )


def _wishes(job: Job, fetched: Fetched, ttl: float) -> Wishes:
    return Wishes(
        ttl=ttl,
        retry_after=fetched.retry_after(job.at),
        max_age=fetched.max_age or 0.0,
        expires=fetched.expires(job.at),
    )

"""The story of one link: its turn -> fetch -> parse -> keep. What it needs of its source is told in the link's job.

What may get better is tried again later; what will not is given up at once and never asked for again. Then the text
that the source itself gave, if it gave one, is kept instead of the page's.
"""

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from core.errors import RejectedInput, TemporaryFailure, YinqiError
from core.models import Link
from core.settings import settings
from ingest import robots, store, walls
from ingest.draft import Draft, draft
from ingest.errors import Challenged, Forbidden, NothingFound
from ingest.fetch import Fetched, fetch
from ingest.formats import Parsed
from ingest.jobs import Followed, Job
from ingest.keep import keep_all
from ingest.links import Leads
from ingest.links import name as name_links
from ingest.refresh import body_of
from ingest.ways import Ways

log = structlog.get_logger(__name__)
DEEPEST = 2  # links of links: a sitemap's index, its sitemaps, their pages
_FIRST_PAUSE = 60.0  # seconds until a page that failed is asked for again; four times as long each time
_LONGEST_PAUSE = 6 * 3600.0
_SHOWN = 200  # characters of an unexpected error


async def follow(job: Job, ways: Ways) -> Followed:
    """Fetch a claimed link's page and keep what it holds; never raises but for the database."""
    link = _link(job)
    fetched: Fetched | None = None
    try:
        fetched = await fetch(ways.out, job.url, before_hop=lambda url: ways.hosts.check_hop(url, job.place))
        body = body_of(job.source, fetched, kind="page")
        await walls.check(fetched, body, ways.readers.read)
        parsed = await ways.readers.read(body)
        drafts, leads = _sorted(job, parsed, fetched.response.url)
        stored = await ways.keeper.do(lambda session: _store(session, job, drafts, leads))
    except (OperationalError, InterfaceError):
        raise  # the database is away, which is no fault of the page
    except Exception as error:
        return await failed(job, fetched, error, ways)
    log.info("link.followed", link=str(link.id), source=str(link.source_id), stored=stored, links=len(leads[0]))
    return Followed(link, "done")


def _sorted(job: Job, parsed: Parsed, url: str) -> tuple[list[Draft], Leads]:
    """What is an article on the page (NothingFound, BadArticle where nothing is), and leads where it is a sitemap."""
    link, source = _link(job), job.source
    links = [item for item in parsed.items if not item.text and item.url]
    texts = [item for item in parsed.items if item.text]
    if not parsed.items and not parsed.parts:
        raise NothingFound(f"{link.url}: holds no article")
    alone = len(texts) == 1
    drafts = [
        draft(
            title=item.title or (link.title or "" if alone else ""),
            text=item.text,
            url=item.url or url,
            published=item.published or (link.published if alone else None),
            author=item.author,
            source_name=item.source_name or source.name,
        )
        for item in texts
    ]
    leads = (links, parsed.parts) if link.depth < DEEPEST else ([], ())
    return drafts if alone else [one.without_key() for one in drafts], leads


def _store(session: Session, job: Job, drafts: list[Draft], leads: Leads) -> int:
    """Keep, and mark the link as done, in one transaction; nothing where its source was deleted meanwhile."""
    link, source = _link(job), job.source
    if not store.finish_link(session, link):
        return 0
    kept = keep_all(session, source, drafts, job.at, quiet=link.quiet)
    name_links(session, source, leads, job.at, depth=link.depth + 1, quiet=link.quiet)
    return kept.stored


async def failed(job: Job, fetched: Fetched | None, error: Exception, ways: Ways) -> Followed:
    """Try again later, or give up, with the reason in the source's errors."""
    link, reason = _link(job), _told(job, error)
    if _may_get_better(job, error) and link.attempts < settings().max_attempts:
        pause = min(_FIRST_PAUSE * 4.0 ** (link.attempts - 1), _LONGEST_PAUSE)
        asked = fetched.retry_after(job.at) if fetched else 0.0
        log.info("link.later", link=str(link.id), attempts=link.attempts, reason=reason)
        return Followed(link, "open", max(pause, min(asked, 4 * _LONGEST_PAUSE)), reason)
    if link.text and await _kept_instead(job, ways):
        reason += "; the text that the source gave is kept instead"
    log.warning("link.failed", link=str(link.id), source=str(link.source_id), reason=reason)
    return Followed(link, "failed", reason=reason, told=True)


def _may_get_better(job: Job, error: Exception) -> bool:
    if isinstance(error, Forbidden):
        return robots.is_unreached(job.place.robots)
    return isinstance(error, TemporaryFailure | Challenged) or not isinstance(error, YinqiError | RejectedInput)


def _told(job: Job, error: Exception) -> str:
    if isinstance(error, YinqiError):
        return str(error)
    log.error("link.unexpected", link=str(_link(job).id), exc_info=error)
    return f"unexpected {type(error).__name__}: {str(error).partition(chr(10))[0][:_SHOWN]}"


async def _kept_instead(job: Job, ways: Ways) -> bool:
    """Keep what the source itself gave of the article, as if it had not been asked to fetch the page."""
    link, source = _link(job), job.source
    try:
        made = draft(
            title=link.title or "",
            text=link.text or "",
            url=link.url,
            published=link.published,
            source_name=source.name,
        )
        await ways.keeper.do(
            lambda session: (
                keep_all(session, source, [made], job.at, quiet=link.quiet)
                if store.finish_link(session, link, only_look=True)
                else None
            )
        )
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.warning("link.unkept", link=str(link.id), reason=_told(job, error))
        return False
    return True


def _link(job: Job) -> Link:
    assert job.link is not None
    return job.link

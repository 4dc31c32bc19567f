"""`/`: the events as they come, newest first; new ones slide in."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from api.dashboard import cookies, sessions, values
from api.dashboard.deps import Viewer
from api.dashboard.page import Page
from api.dashboard.rendering import environment, render
from api.dashboard.route import page_router
from api.dashboard.wording import language_of
from api.deps import Db
from api.query import QueryOf
from api.resources.events import store
from api.resources.events.filters import EventFilter, matching
from api.resources.events.schemas import EventQuery
from api.resources.events.views import views
from api.resources.exports.answer import Download
from api.resources.exports.schemas import EventExport
from api.resources.exports.tables import EVENTS
from api.resources.stream import EventStream, Wanted
from api.resources.stream import store as news
from core.clock import now
from core.database import transaction
from core.instruments import INSTRUMENTS, STATUSES
from core.keys import hash_key

COUNTED = 10_000  # events up to which the page tells how many there are: a long history is not counted for each view
_BESIDE = {"limit", "cursor", "sort", "fields", "evidence", "total"}  # fields of the query that are no filter
router = page_router()
PAGE = Page("feed", router, menu="/")


class LiveQuery(EventFilter):
    """The feed's filters, and the number of the last news that the page holds."""

    after: int | None = Field(None, ge=0, le=2**63 - 1)


@router.get("/")
def show(request: Request, _: Viewer, db: Db, query: QueryOf[EventQuery]) -> Response:
    """A page of the feed."""
    after = news.ends(db).newest
    ids, following = store.page(db, query)
    events = views(db, ids, evidence="none")
    given: dict[str, Any] = {"events": events, "next": following, "live": query.cursor is None and _goes_on(query)}
    given |= {"total": store.total(db, query, most=COUNTED + 1), "counted": COUNTED}
    return render(request, "feed.html", **given, after=after, **_form(request, query))


@router.get("/feed/export")
def export(seen: Viewer, query: QueryOf[EventExport]) -> Response:
    """The events that pass the filters as a file."""
    return Download(EVENTS, query, seen.subscriber_id)


@router.get("/feed/stream")
async def stream(request: Request, _: Viewer, query: QueryOf[LiveQuery]) -> Response:
    """The feed's rows as they come and change, as server-sent events, for as long as the session lasts."""
    await run_in_threadpool(_check, query)
    gate = (sessions.good, hash_key(cookies.get(request, cookies.SESSION)))
    asked = EventFilter.model_validate(query.model_dump(exclude={"after"}, exclude_unset=True))
    return EventStream(Wanted.of(asked), gate, last=query.after, render=_row(language_of(request)))


def _check(query: LiveQuery) -> None:
    """Invalid where a filter names what nothing is called."""
    with transaction() as session:
        matching(session, query)


@cache
def _row(language: str) -> Callable[[Any, Any], str]:
    """An event as a row of the feed."""
    template = environment(language).get_template("feed_row.html")
    return lambda entry, _: template.render(event=entry.event)


def _goes_on(query: EventQuery) -> bool:
    """Whether what comes now can belong on top of this page."""
    return getattr(query, "sort", "-first_seen") == "-first_seen" and (query.until is None or query.until > now())


def _form(request: Request, query: EventQuery) -> dict[str, Any]:
    """What the form of filters shows."""
    chosen = query.model_dump(exclude=_BESIDE, exclude_defaults=True)
    sectors = sorted(values.sectors(language_of(request)).items(), key=lambda one: one[1])
    return {
        "chosen": {name: _shown(value) for name, value in chosen.items()},
        "instruments": INSTRUMENTS,
        "statuses": STATUSES,
        "sectors": sectors,
    }


def _shown(value: Any) -> Any:
    """A filter's value as a field of the form has it."""
    if isinstance(value, list):
        return value[0] if len(value) == 1 else " ".join(map(str, value))
    return value.date().isoformat() if isinstance(value, datetime) else value

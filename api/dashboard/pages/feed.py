"""`/`: the events as they come, newest first; new ones slide in."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import Field

from api.dashboard import values
from api.dashboard.deps import Viewer
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.dashboard.wording import language_of
from api.deps import Db
from api.resources.events import store
from api.resources.events.filters import EventFilter
from api.resources.events.schemas import EventQuery
from api.schemas import MomentIn
from core.clock import now
from core.instruments import INSTRUMENTS, STATUSES
from core.views import event_view, moment

MOST_NEW = 50  # that slide in at once
_PLACE = ("seen", "last")
_BESIDE = {"limit", "cursor", "sort", "fields", "evidence", "total"}  # fields of the query that are no filter
router = page_router()
PAGE = Page("feed", router, menu="/")


class NewQuery(EventFilter):
    """The feed's filters, and the last event that the reader has: since when, and which."""

    seen: MomentIn
    last: UUID | None = Field(None)


@router.get("/")
def show(request: Request, _: Viewer, db: Db, query: Annotated[EventQuery, Query()]) -> Response:
    """A page of the feed."""
    events, following = store.page(db, query)
    views = [event_view(event) for event in events]
    given: dict[str, Any] = {"events": views, "next": following, "live": query.cursor is None and _goes_on(query)}
    place = _position(views) or {"seen": moment(now()), "last": None}
    return render(request, "feed.html", **given, **place, **_form(request, query))


@router.get("/feed/new")
def new(request: Request, _: Viewer, db: Db, query: Annotated[NewQuery, Query()]) -> Response:
    """The events that came since, and where the reader stands then; a piece of the feed, for htmx."""
    asked = query.model_dump(exclude={"seen", "last", "since"}, exclude_unset=True)
    page = EventQuery(**asked, since=query.seen, limit=MOST_NEW)
    events, _following = store.page(db, page)
    place = (moment(query.seen) or "", str(query.last or ""))
    views = [view for view in map(event_view, events) if (view["first_seen"], view["id"]) > place]
    return render(request, "feed_new.html", events=views, **(_position(views) or dict(zip(_PLACE, place, strict=True))))


def _goes_on(query: EventQuery) -> bool:
    """Whether what comes now can belong on top of this page."""
    return getattr(query, "sort", "-first_seen") == "-first_seen" and (query.until is None or query.until > now())


def _position(views: list[dict[str, Any]]) -> dict[str, Any]:
    """Where a reader of these events stands."""
    return {"seen": views[0]["first_seen"], "last": views[0]["id"]} if views else {}


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

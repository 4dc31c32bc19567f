"""`/`: the events as they come, newest first."""

from typing import Annotated

from fastapi import Query, Request, Response

from api.dashboard.deps import Viewer
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.deps import Db
from api.resources.events import store
from api.resources.events.schemas import EventQuery
from core.views import event_view

router = page_router()
PAGE = Page("feed", router, menu="/")


@router.get("/")
def show(request: Request, _: Viewer, db: Db, query: Annotated[EventQuery, Query()]) -> Response:
    """A page of the feed."""
    events, following = store.page(db, query)
    return render(request, "feed.html", events=[event_view(event) for event in events], next=following, query=query)

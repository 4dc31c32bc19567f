"""`/events/{id}`: one event: its facts, how sure it is, every telling quoted where it stands, every version."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse

from api.dashboard import event_history, event_tellings
from api.dashboard.deps import OPERATOR, Viewer
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.deps import Db
from api.errors import not_found
from api.resources.events import store
from core.views import event_view

router = page_router()
PAGE = Page("event", router)
Done = Annotated[Literal["corrected", "confirmed", "rejected", "released"] | None, Query()]


@router.get("/events/{event_id}")
def show(request: Request, seen: Viewer, db: Db, event_id: UUID, done: Done = None) -> Response:
    """The event; one that was merged into another leads there. `done`: what was done to it by hand just now."""
    event = store.find(db, event_id)
    if event is None:
        raise not_found("event")
    if event.merged_into is not None:
        return RedirectResponse(f"/events/{event.merged_into}")
    view = event_view(event)
    given: dict[str, Any] = {"versions": event_history.history(db, event_id, seen), "held": sorted(event.held or ())}
    given["may_correct"] = OPERATOR in seen.scopes
    return render(request, "event.html", event=view, done=done, **given, **event_tellings.quoted(db, event, view))

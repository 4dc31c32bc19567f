"""`/v1/events`."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from api.body import JsonRoute
from api.deps import Db, Reader
from api.errors import not_found
from api.pagination import Page
from api.resources.events import store
from api.resources.events.schemas import EventOut, EventQuery, Versions
from core.models import Event
from core.views import event_view

router = APIRouter(prefix="/v1/events", tags=["events"], route_class=JsonRoute)


@router.get("", operation_id="list_events", response_model=Page[EventOut])
def list_events(_: Reader, db: Db, query: Annotated[EventQuery, Query()]) -> Any:
    """Events that pass every filter, newest first."""
    events, following = store.page(db, query)
    told = store.tellings(db, events) if query.evidence else {}
    return {"items": [event_view(event, told.get(event.id)) for event in events], "next": following}


@router.get("/{event_id}", operation_id="get_event", response_model=EventOut)
def get_event(_: Reader, db: Db, event_id: UUID) -> Any:
    """One event; one that was merged into another still answers and says into which."""
    event = _found(store.find(db, event_id))
    return event_view(event, store.tellings(db, [event])[event.id])


@router.get("/{event_id}/versions", operation_id="list_event_versions", response_model=Versions)
def list_event_versions(_: Reader, db: Db, event_id: UUID) -> Any:
    """Every version of an event, oldest first."""
    _found(store.find(db, event_id))
    return {"items": store.versions(db, event_id)}


def _found(event: Event | None) -> Event:
    if event is None:
        raise not_found("event")
    return event

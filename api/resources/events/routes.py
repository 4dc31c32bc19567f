"""`/v1/events`."""

from typing import Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Response

from api.deps import Db, Reader
from api.errors import not_found
from api.etag import TaggedRoute
from api.query import AskedFor, QueryOf
from api.resources.events import paging, store
from api.resources.events.schemas import EventOut, EventPage, EventPart, EventQuery, PartPage, Shown, Versions
from api.resources.events.views import as_json
from core import database

router = APIRouter(prefix="/v1/events", tags=["events"], route_class=TaggedRoute)


@router.get("", operation_id="list_events", response_model=EventPage | PartPage)
def list_events(asked: AskedFor[EventQuery]) -> Any:
    """Events that pass every filter, newest first or as `sort` says."""
    query = asked.query
    items, following = paging.written_page(asked.asking, query)
    total = None
    if query.total:
        with database.reading() as db:  # here and not as a dependency, which would go through two more threads
            total = store.total(db, query)
    rest = orjson.dumps({"next": following, "total": total})
    return _answer(b'{"items":[%b],%b' % (items, rest[1:]))


@router.get("/{event_id}", operation_id="get_event", response_model=EventOut | EventPart)
def get_event(_: Reader, event_id: UUID, query: QueryOf[Shown]) -> Any:
    """One event; one that was merged into another still answers and says into which."""
    with database.reading() as db:
        found = as_json(db, [event_id], evidence=query.evidence, fields=query.fields)
    if not found:
        raise not_found("event")
    return _answer(found)


@router.get("/{event_id}/versions", operation_id="list_event_versions", response_model=Versions)
def list_event_versions(_: Reader, db: Db, event_id: UUID) -> Any:
    """Every version of an event, oldest first."""
    if store.find(db, event_id) is None:
        raise not_found("event")
    return {"items": store.versions(db, event_id)}


def _answer(json: bytes | str) -> Response:
    """What written.py makes is answered as it is, and need not be checked against its schema each time."""
    return Response(json, media_type="application/json")

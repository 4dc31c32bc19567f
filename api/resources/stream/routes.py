"""`/v1/stream`: the news of events as they are told."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.body import JsonRoute
from api.deps import Reader, shown_key
from api.errors import Invalid, not_found
from api.query import QueryOf
from api.resources.events.filters import matching
from api.resources.stream import store
from api.resources.stream.schemas import StreamQuery
from api.resources.stream.send import EventStream
from api.resources.stream.wanted import Wanted
from core.database import transaction
from core.keys import hash_key

router = APIRouter(prefix="/v1/stream", tags=["stream"], route_class=JsonRoute)
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events; each has the body of a webhook as its data, and its number as its id",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


@router.get("", operation_id="stream_events", response_class=Response, responses=_STREAM)
async def stream_events(
    request: Request,
    asking: Reader,
    query: QueryOf[StreamQuery],
    last_event_id: Annotated[str | None, Header(max_length=30)] = None,
) -> Response:
    """Each version of an event as it is told, as server-sent events; after a break all that came meanwhile."""
    await run_in_threadpool(_check, asking.subscriber_id, query)
    wanted = Wanted.of(query, types=query.type, watchlists=query.watchlist)
    gate = (store.good_keys, hash_key(shown_key(request)))
    return EventStream(wanted, gate, last=_last(last_event_id, query.after), follow=query.follow)


def _check(owner: Any, query: StreamQuery) -> None:
    """404 where a watchlist is none of theirs, Invalid where a filter names what nothing is called."""
    with transaction() as session:
        if store.owned(session, owner, query.watchlist) != set(query.watchlist):
            raise not_found("watchlist")
        matching(session, query)


def _last(header: str | None, after: int | None) -> int | None:
    if not header:
        return after
    if not header.isascii() or not header.isdecimal() or len(header) > 18:
        raise Invalid.at("header.last-event-id", "is no number")
    return int(header)

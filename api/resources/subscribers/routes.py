"""`/v1/subscriber`: who asks; `/v1/subscribers`: everyone, for the operator. Deleting takes all that is private."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from api.body import JsonRoute
from api.deps import Db, Operator, Reader, Writer
from api.errors import Invalid, not_found
from api.pagination import Page, PageQuery
from api.query import QueryOf
from api.resources.subscribers import store
from api.resources.subscribers.schemas import SubscriberOut

router = APIRouter(prefix="/v1", tags=["subscribers"], route_class=JsonRoute)


@router.get("/subscriber", operation_id="get_own_subscriber", response_model=SubscriberOut)
def get_own_subscriber(asking: Reader, db: Db) -> Any:
    """Whose key it is that asks."""
    found = store.find(db, asking.subscriber_id)
    if found is None:  # deleted since the key was looked at
        raise not_found("subscriber")
    return found


@router.delete("/subscriber", operation_id="delete_own_subscriber", status_code=HTTPStatus.NO_CONTENT)
def delete_own_subscriber(
    asking: Writer, db: Db, name: Annotated[str, Query(description="Your own name, so that it is no mistake")]
) -> None:
    """Delete yourself with all that is private: the key that asks is good no more. 422: `name` is not yours."""
    found = store.find(db, asking.subscriber_id)
    if found is None:
        raise not_found("subscriber")
    if found.name != name:
        raise Invalid.at("query.name", "is not your name: nothing was deleted")
    store.delete(db, found.id)


@router.get("/subscribers", operation_id="list_subscribers", response_model=Page[SubscriberOut])
def list_subscribers(_: Operator, db: Db, query: QueryOf[PageQuery]) -> Any:
    """Everyone, the newest first."""
    rows, following = store.page(db, query)
    return {"items": rows, "next": following}


@router.delete("/subscribers/{subscriber_id}", operation_id="delete_subscriber", status_code=HTTPStatus.NO_CONTENT)
def delete_subscriber(_: Operator, db: Db, subscriber_id: UUID) -> None:
    """Delete a subscriber with all that is private; the shared history stays."""
    if not store.delete(db, subscriber_id):
        raise not_found("subscriber")

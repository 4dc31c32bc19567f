"""`/v1/deliveries`: private to their subscriber; read here, and sent again."""

import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from alerts.repair import Choice, reopen
from api.body import JsonRoute
from api.deps import Caller, Db, Reader, Writer
from api.errors import not_found
from api.pagination import Page
from api.resources.deliveries import store
from api.resources.deliveries.schemas import DeliveryDetail, DeliveryOut, DeliveryQuery, ResendIn, ResendOut
from core import work
from core.models import Delivery

router = APIRouter(prefix="/v1/deliveries", tags=["deliveries"], route_class=JsonRoute)


@router.get("", operation_id="list_deliveries", response_model=Page[DeliveryOut])
def list_deliveries(asking: Reader, db: Db, query: Annotated[DeliveryQuery, Query()]) -> Any:
    """What was sent or waits to be sent to your channels, newest first."""
    rows, following = store.page(db, asking.subscriber_id, query)
    return {"items": [_shown(row) for row in rows], "next": following}


@router.get("/{delivery_id}", operation_id="get_delivery", response_model=DeliveryDetail)
def get_delivery(asking: Reader, db: Db, delivery_id: UUID) -> Any:
    """One delivery with its body and every attempt."""
    delivery = _found(db, asking, delivery_id)
    return {**_shown(delivery), "body": json.loads(delivery.body), "tries": delivery.tries}


@router.post("/{delivery_id}/resend", operation_id="resend_delivery", response_model=DeliveryOut)
def resend_delivery(asking: Writer, db: Db, delivery_id: UUID) -> Any:
    """Send it once more, delivered or given up: the same id and body, with a fresh count of attempts."""
    found = reopen(db, Choice(subscriber_id=asking.subscriber_id, delivery_id=delivery_id))
    work.announce(db, work.DELIVER, *found)
    return _shown(_found(db, asking, delivery_id))


@router.post("/resend", operation_id="resend_deliveries", response_model=ResendOut)
def resend_deliveries(asking: Writer, db: Db, body: ResendIn) -> Any:
    """Send all of a time and state once more, oldest first; what still waits is left as it is."""
    choice = Choice(
        subscriber_id=asking.subscriber_id,
        channel_id=body.channel,
        state=body.state,
        since=body.since,
        until=body.until,
    )
    return {"count": len(reopen(db, choice))}


def _found(db: Session, asking: Caller, delivery_id: UUID) -> Delivery:
    delivery = store.find(db, asking.subscriber_id, delivery_id)
    if delivery is None:
        raise not_found("delivery")
    return delivery


def _shown(row: Delivery) -> dict[str, Any]:
    same = ("id", "type", "state", "reason", "version", "watchlists", "attempts")
    moments = ("created_at", "due_at", "delivered_at")
    ids = {"channel": row.channel_id, "event": row.event_id, "article": row.article_id, "source": row.source_id}
    return {**{field: getattr(row, field) for field in (*same, *moments)}, **ids}

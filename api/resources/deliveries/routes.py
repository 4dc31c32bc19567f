"""`/v1/deliveries`: private to their subscriber; read here, and sent again."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.orm import Session

from alerts.repair import advice
from api.body import JsonRoute
from api.deps import Db, Reader, Writer
from api.pagination import Page
from api.query import QueryOf
from api.resources.deliveries import again, store
from api.resources.deliveries.schemas import (
    CountsOut,
    CountsQuery,
    DeliveryDetail,
    DeliveryOut,
    DeliveryQuery,
    ResendIn,
    ResendOut,
)
from core.clock import now
from core.models import Channel, Delivery

COUNTED = timedelta(days=30)
router = APIRouter(prefix="/v1/deliveries", tags=["deliveries"], route_class=JsonRoute)


@router.get("", operation_id="list_deliveries", response_model=Page[DeliveryOut])
def list_deliveries(asking: Reader, db: Db, query: QueryOf[DeliveryQuery]) -> Any:
    """What was sent or waits to be sent to your channels, newest first."""
    rows, following = store.page(db, asking.subscriber_id, query)
    channels = store.channels(db, (row.channel_id for row in rows))
    return {"items": [shown(row, channels[row.channel_id]) for row in rows], "next": following}


@router.get("/counts", operation_id="count_deliveries", response_model=CountsOut)
def count_deliveries(asking: Reader, db: Db, query: QueryOf[CountsQuery]) -> Any:
    """How many wait, arrived and were given up, for each of your channels."""
    since = query.since or now() - COUNTED
    rows = store.counts(db, asking.subscriber_id, since, query.until)
    return {"since": since, "items": [{"channel": row.id, **row._mapping} for row in rows]}


@router.get("/{delivery_id}", operation_id="get_delivery", response_model=DeliveryDetail)
def get_delivery(asking: Reader, db: Db, delivery_id: UUID) -> Any:
    """One delivery with its body and every attempt."""
    delivery = again.found(db, asking.subscriber_id, delivery_id)
    return {**_alone(db, delivery), "body": json.loads(delivery.body), "tries": delivery.tries}


@router.post("/{delivery_id}/resend", operation_id="resend_delivery", response_model=DeliveryOut)
def resend_delivery(asking: Writer, db: Db, delivery_id: UUID) -> Any:
    """Send it once more, delivered or given up: the same id and body, with a fresh count of attempts."""
    return _alone(db, again.one(db, asking.subscriber_id, delivery_id))


@router.post("/resend", operation_id="resend_deliveries", response_model=ResendOut)
def resend_deliveries(asking: Writer, db: Db, body: ResendIn) -> Any:
    """Send all of a time and state once more, oldest first; what still waits is left as it is."""
    return {"count": again.many(db, asking.subscriber_id, body)}


def _alone(db: Session, row: Delivery) -> dict[str, Any]:
    return shown(row, store.channels(db, [row.channel_id])[row.channel_id])


def shown(row: Delivery, channel: Channel) -> dict[str, Any]:
    """A delivery as the API answers it."""
    same = ("id", "type", "state", "reason", "version", "watchlists", "attempts")
    moments = ("created_at", "due_at", "delivered_at")
    ids = {"channel": row.channel_id, "event": row.event_id, "article": row.article_id, "source": row.source_id}
    return {
        **{field: getattr(row, field) for field in (*same, *moments)},
        **ids,
        "advice": advice(row.state, row.attempts, channel),
    }

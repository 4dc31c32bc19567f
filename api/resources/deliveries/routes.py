"""`/v1/deliveries`: private to their subscriber, and only read here."""

import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from api.body import JsonRoute
from api.deps import Db, Reader
from api.errors import not_found
from api.pagination import Page
from api.resources.deliveries import store
from api.resources.deliveries.schemas import DeliveryDetail, DeliveryOut, DeliveryQuery
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
    delivery = store.find(db, asking.subscriber_id, delivery_id)
    if delivery is None:
        raise not_found("delivery")
    return {**_shown(delivery), "body": json.loads(delivery.body), "tries": delivery.tries}


def _shown(row: Delivery) -> dict[str, Any]:
    same = ("id", "type", "state", "reason", "version", "watchlists", "attempts")
    moments = ("created_at", "due_at", "delivered_at")
    ids = {"channel": row.channel_id, "event": row.event_id, "article": row.article_id}
    return {**{field: getattr(row, field) for field in (*same, *moments)}, **ids}

"""All SQL of `/v1/deliveries`; every statement is bound to one subscriber."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, raiseload

from api import pagination
from api.resources.deliveries.schemas import DeliveryQuery
from core.models import Delivery


def page(session: Session, owner: UUID, query: DeliveryQuery) -> tuple[Sequence[Delivery], str | None]:
    """The owner's deliveries that pass every filter, newest first, without bodies and attempts."""
    found = select(Delivery).where(Delivery.subscriber_id == owner)
    found = found.options(defer(Delivery.body), raiseload(Delivery.tries))
    if query.state is not None:
        found = found.where(Delivery.state == query.state)
    if query.channel is not None:
        found = found.where(Delivery.channel_id == query.channel)
    return pagination.fetch(session, found, query, what="deliveries", moment=Delivery.created_at, row_id=Delivery.id)


def find(session: Session, owner: UUID, delivery_id: UUID) -> Delivery | None:
    """The owner's delivery of that id."""
    return session.scalar(select(Delivery).where(Delivery.id == delivery_id, Delivery.subscriber_id == owner))

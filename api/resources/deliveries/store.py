"""All SQL of `/v1/deliveries`; every statement is bound to one subscriber."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, defer, raiseload

from api import pagination
from api.errors import Invalid
from api.resources.deliveries.schemas import DeliveryQuery
from core.models import Channel, Delivery


def page(session: Session, owner: UUID, query: DeliveryQuery) -> tuple[Sequence[Delivery], str | None]:
    """The owner's deliveries that pass every filter, newest first, without bodies and attempts.

    Invalid where the channel is none of theirs.
    """
    check_channel(session, owner, query.channel, "query.channel")
    found = select(Delivery).where(Delivery.subscriber_id == owner)
    found = found.options(defer(Delivery.body), raiseload(Delivery.tries))
    same = {Delivery.state: query.state, Delivery.channel_id: query.channel, Delivery.type: query.type}
    same |= {Delivery.event_id: query.event, Delivery.article_id: query.article}
    found = found.where(*(column == value for column, value in same.items() if value is not None))
    if query.since is not None:
        found = found.where(Delivery.created_at >= query.since)
    if query.until is not None:
        found = found.where(Delivery.created_at < query.until)
    return pagination.fetch(session, found, query, what="deliveries", moment=Delivery.created_at, row_id=Delivery.id)


def check_channel(session: Session, owner: UUID, channel_id: UUID | None, field: str) -> None:
    """Invalid, at `field`, where the owner has no channel of that id; None asks for no channel."""
    own = select(Channel.id).where(Channel.id == channel_id, Channel.subscriber_id == owner)
    if channel_id is not None and session.scalar(own) is None:
        raise Invalid.at(field, "there is no such channel")


def find(session: Session, owner: UUID, delivery_id: UUID) -> Delivery | None:
    """The owner's delivery of that id."""
    return session.scalar(select(Delivery).where(Delivery.id == delivery_id, Delivery.subscriber_id == owner))


def channels(session: Session, ids: Iterable[UUID]) -> dict[UUID, Channel]:
    """The channels of these ids, which are those of deliveries that the caller may see."""
    return {row.id: row for row in session.scalars(select(Channel).where(Channel.id.in_(set(ids))))}


def counts(session: Session, owner: UUID, since: datetime, until: datetime | None) -> Sequence[Any]:
    """A row for each of the owner's channels, with how many of its deliveries of that time are in each state."""
    of_then = and_(Delivery.channel_id == Channel.id, Delivery.created_at >= since, Delivery.subscriber_id == owner)
    if until is not None:
        of_then = and_(of_then, Delivery.created_at < until)
    each = {state: func.count(Delivery.id).filter(Delivery.state == state) for state in ("open", "done", "failed")}
    waiting = func.min(Delivery.created_at).filter(Delivery.state == "open")
    return session.execute(
        select(Channel.id, Channel.name, Channel.kind, Channel.enabled, Channel.paused)
        .add_columns(*(count.label(state) for state, count in each.items()))
        .add_columns(waiting.label("waiting_since"), func.max(Delivery.delivered_at).label("delivered_at"))
        .outerjoin(Delivery, of_then)
        .where(Channel.subscriber_id == owner)
        .group_by(Channel.id)
        .order_by(Channel.name)
    ).all()

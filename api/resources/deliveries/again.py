"""Sends deliveries once more: one by its id, or all that are chosen; for the API's routes and the pages alike."""

from uuid import UUID

from sqlalchemy.orm import Session

from alerts.repair import Choice, reopen
from api.errors import not_found
from api.resources.deliveries import store
from api.resources.deliveries.schemas import ResendIn
from core import work
from core.models import Delivery


def found(session: Session, owner: UUID, delivery_id: UUID) -> Delivery:
    """One of the owner's deliveries; 404 for what is not there and what is another's."""
    delivery = store.find(session, owner, delivery_id)
    if delivery is None:
        raise not_found("delivery")
    return delivery


def one(session: Session, owner: UUID, delivery_id: UUID) -> Delivery:
    """That delivery, which is sent once more with the same id and body and a fresh count of attempts."""
    work.announce(session, work.DELIVER, *reopen(session, Choice(subscriber_id=owner, delivery_id=delivery_id)))
    return found(session, owner, delivery_id)


def many(session: Session, owner: UUID, asked: ResendIn) -> int:
    """How many will be sent once more; what still waits is left as it is. Invalid where the channel is another's."""
    store.check_channel(session, owner, asked.channel, "body.channel")
    choice = Choice(
        subscriber_id=owner, channel_id=asked.channel, state=asked.state, since=asked.since, until=asked.until
    )
    return len(reopen(session, choice))

"""What was given up, or is to be told once more, is opened again: the same rows, a fresh count of attempts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, update
from sqlalchemy.orm import Session

from core.models import Delivery


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which deliveries: None chooses by nothing. Made from `since` on and before `until`; `state` failed or done."""

    subscriber_id: UUID | None = None
    delivery_id: UUID | None = None
    channel_id: UUID | None = None
    state: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def reopen(session: Session, choice: Choice) -> list[UUID]:
    """Make the chosen deliveries due and tell their ids. One that waits is left as it is unless it is named by its id;
    one that is being sent just now is left in any case."""
    free = or_(Delivery.lease_until.is_(None), Delivery.lease_until < func.now())
    asked = update(Delivery).where(free)
    for column in (Delivery.subscriber_id, Delivery.channel_id, Delivery.state):
        if (value := getattr(choice, column.key)) is not None:
            asked = asked.where(column == value)
    if choice.since is not None:
        asked = asked.where(Delivery.created_at >= choice.since)
    if choice.until is not None:
        asked = asked.where(Delivery.created_at < choice.until)
    if choice.delivery_id is not None:
        asked = asked.where(Delivery.id == choice.delivery_id)
    else:
        asked = asked.where(Delivery.state != "open")
    fresh = {"state": "open", "attempts": 0, "due_at": func.now(), "sent_at": None, "lease_until": None}
    fresh |= {"delivered_at": None, "reason": None}
    return list(session.execute(asked.values(fresh).returning(Delivery.id)).scalars())

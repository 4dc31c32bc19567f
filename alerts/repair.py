"""Dead letters: what is to be done about an alert that was given up, and how it is opened again.

What is opened again are the same rows, with a fresh count of attempts.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, update
from sqlalchemy.orm import Session

from alerts.retry import GAPS
from core.models import Channel, Delivery


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


def advice(state: str, attempts: int, channel: Channel) -> str | None:
    """What its owner can do about a delivery that was given up after `attempts`, in words; None for any other."""
    if state != "failed":
        return None
    if not channel.enabled:
        why = f" ({channel.disabled_reason})" if channel.disabled_reason else ""
        return f"the channel is switched off{why}: mend what is there, switch it on again, then send this once more"
    if attempts > len(GAPS):
        return "every attempt failed: once the other side is well, send this once more"
    return "it was refused, and would be again: mend what the reason names, then send this once more"

"""Switching a channel off for its owner: they are told at another place, in the transaction that does it.

So the owner is told once in effect, by a delivery like any other.
"""

import json
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from alerts.channels.email import Email
from alerts.circuit import OPEN_AFTER
from core import work
from core.clock import now
from core.models import Channel, Delivery, Watchlist, WatchlistChannel, WorkState
from core.views import moment

log = structlog.get_logger(__name__)
TYPE = "channel.disabled"
CAUSES = ("gone", "failing", "bounce", "complaint", "refusal", "unsubscribed")


def disable(session: Session, channel_id: UUID, cause: str, reason: str) -> bool:
    """Switch one channel off and tell its owner; False where it was off already. `cause` is one of CAUSES."""
    off = switched_off(session, channel_id, reason)
    if off is not None:
        tell_owner(session, off, cause, reason)
    return off is not None


def switched_off(session: Session, channel_id: UUID, reason: str) -> Any:
    """The row of the channel that was on and is off now; None where it was off."""
    columns = (Channel.id, Channel.subscriber_id, Channel.kind, Channel.name)
    own = update(Channel).where(Channel.id == channel_id, Channel.enabled)
    done = own.values(enabled=False, disabled_reason=reason).returning(*columns)
    off = session.execute(done, execution_options={"synchronize_session": "fetch"}).one_or_none()
    if off is not None:
        log.info("channel.disabled", channel_id=str(off.id), kind=off.kind, reason=reason)
    return off


def tell_owner(session: Session, off: Any, cause: str, reason: str) -> None:
    """A delivery to where the owner of the channel that was switched off reads; none where there is no such place."""
    place = _place(session, off)
    if place is None:
        log.warning("channel.owner_not_reached", channel_id=str(off.id))
        return
    data = {
        "channel": {"id": str(off.id), "kind": off.kind, "name": off.name},
        "cause": cause,
        "reason": reason,
        "waiting": _waiting(session, off.id),
        "lists": _lists(session, off.id),
        "watchlists": [],
    }
    body = {"type": TYPE, "timestamp": moment(now()), "data": data}
    delivery = Delivery(
        subscriber_id=off.subscriber_id,
        channel_id=place,
        type=TYPE,
        watchlists=[],
        body=json.dumps(body, ensure_ascii=False),
    )
    session.add(delivery)
    session.flush()
    work.announce(session, work.DELIVER, delivery.id)


def _place(session: Session, off: Any) -> UUID | None:
    """Of the subscriber's other channels that work: one that the owner reads, else a mail, else the oldest."""
    works = (Channel.enabled, Channel.confirmed_at.is_not(None), Channel.id != off.id)
    turns = ((Channel.failures >= OPEN_AFTER), Channel.to_owner.desc(), (Channel.kind == Email.name).desc())
    found = select(Channel.id).where(Channel.subscriber_id == off.subscriber_id, *works)
    return session.scalar(found.order_by(*turns, Channel.created_at, Channel.id).limit(1))


def _waiting(session: Session, channel_id: UUID) -> int:
    waits = (Delivery.channel_id == channel_id, Delivery.state == WorkState.OPEN)
    return session.scalar(select(func.count()).select_from(Delivery).where(*waits)) or 0


def _lists(session: Session, channel_id: UUID) -> list[str]:
    sends = WatchlistChannel.watchlist_id == Watchlist.id
    found = select(Watchlist.name).join(WatchlistChannel, sends).where(WatchlistChannel.channel_id == channel_id)
    return list(session.scalars(found.order_by(Watchlist.name)))

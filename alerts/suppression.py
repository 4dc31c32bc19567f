"""Addresses that are written to no more: they bounced, complained, or asked to be left alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from alerts.bounces import Bounce
from alerts.channels.email import Email
from alerts.confirm import mailbox
from alerts.disable import disable, switched_off, tell_owner
from core.clock import now
from core.models import Channel, Delivery, Mailbox

log = structlog.get_logger(__name__)
MOST_SOFT = 5  # bounces that may pass, in a row; the last of them suppresses
FORGOTTEN_AFTER = timedelta(days=7)  # without a bounce, after which the count begins anew
_OWN_ID = re.compile(r"<([0-9a-f]{8}-[0-9a-f-]{27})[.@]")


@dataclass(frozen=True)
class Taken:
    """What became of a bounce: `result` is suppressed, counted or ignored, `reason` why."""

    address: str | None
    result: str
    reason: str


def take(session: Session, bounce: Bounce, *, proof: bool) -> Taken:
    """Act on one bounce. With `proof` it must be about a mail of ours to that address: a bounce mailbox is open to
    everybody, and nobody may silence another's address there."""
    known = _written_to(session, bounce.message_id)
    address = bounce.address or known
    if address is None:
        return Taken(None, "ignored", "it names no address")
    if proof and (known is None or known.lower() != address.lower()):
        return Taken(address, "ignored", "it is about no mail of ours to that address")
    if bounce.permanent or bounce.kind == "complaint":
        suppress(session, address, bounce.kind, bounce.reason)
        return Taken(address, "suppressed", bounce.reason)
    return _soft(session, address, bounce)


def suppress(session: Session, to: str, cause: str, reason: str) -> None:
    """Write to an address no more: its channels are disabled, and their owners told."""
    box = mailbox(session, to)
    if box.suppressed_at is None:
        box.suppressed_at, box.cause, box.reason = now(), cause, reason
        log.info("mail.suppressed", cause=cause)
    told = f"mail to {to} is suppressed: {reason}"
    off = [switched_off(session, one, told) for one in _channels(session, to)]
    for row in off:  # all are off before it is decided where an owner still reads
        if row is not None:
            tell_owner(session, row, cause, told)


def lift(session: Session, to: str) -> bool:
    """Take an address out; False where it was not in. Its channels stay as they are, for their owners to switch on."""
    box = mailbox(session, to)
    was = box.suppressed_at is not None
    box.suppressed_at = box.cause = box.reason = box.bounced_at = box.bounced_id = None
    box.bounces = 0
    return was


def why(session: Session, to: str) -> str | None:
    """Why an address is written to no more, in words; None where it is."""
    box = session.get(Mailbox, to.lower())
    if box is None or box.suppressed_at is None:
        return None
    return f"mail to {to} is suppressed since {box.suppressed_at:%Y-%m-%d}: {box.reason}; the operator can lift that"


def end(session: Session, delivery_id: UUID, reason: str) -> None:
    """A delivery's channel said that it is gone: switch it off; to an e-mail address others write no more either."""
    own = select(Channel).join(Delivery, Delivery.channel_id == Channel.id).where(Delivery.id == delivery_id)
    channel = session.scalar(own)
    if channel is None:
        return
    if channel.kind == Email.name:
        suppress(session, channel.config["to"], "bounce", reason)
    else:
        disable(session, channel.id, "gone", reason)


def _soft(session: Session, address: str, bounce: Bounce) -> Taken:
    """Count a bounce that may pass; told twice of one message it counts once."""
    box, moment = mailbox(session, address), now()
    if bounce.message_id is not None and bounce.message_id == box.bounced_id:
        return Taken(address, "ignored", "this bounce was told before")
    fresh = box.bounced_at is None or moment - box.bounced_at > FORGOTTEN_AFTER
    box.bounces = 1 if fresh else box.bounces + 1
    box.bounced_at, box.bounced_id = moment, bounce.message_id
    if box.bounces < MOST_SOFT:
        return Taken(address, "counted", f"{box.bounces} in a row, {MOST_SOFT} suppress: {bounce.reason}")
    suppress(session, address, "bounce", f"{box.bounces} bounces in a row, last: {bounce.reason}")
    return Taken(address, "suppressed", bounce.reason)


def _channels(session: Session, to: str) -> Sequence[UUID]:
    own = (Channel.kind == Email.name, func.lower(Channel.config["to"].astext) == to.lower(), Channel.enabled)
    return session.scalars(select(Channel.id).where(*own).order_by(Channel.id)).all()


def _written_to(session: Session, message_id: str | None) -> str | None:
    """The address of the channel that a message of ours went to."""
    found = _OWN_ID.match(message_id or "")
    if found is None:
        return None
    own = select(Channel.config["to"].astext).join(Delivery, Delivery.channel_id == Channel.id)
    return session.scalar(own.where(Delivery.id == UUID(found[1]), Channel.kind == Email.name))

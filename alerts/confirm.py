"""Asking whoever has an e-mail address whether they want alerts: nothing else is sent there until they say so.

The question is a delivery like any other, so that it is logged and tried again. How often an address may be asked, and
a subscriber ask, is counted on rows that outlive the channel: nobody can be bothered through Yinqi by making channels.
"""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from alerts.channels.email import Email
from core.clock import now
from core.errors import RejectedInput
from core.models import Channel, Delivery, Mailbox, Subscriber
from core.secrets import seal
from core.settings import settings
from core.views import moment

TYPE = "confirmation"
GOOD_FOR = timedelta(days=7)  # longer than a delivery is tried, so that the last attempt still brings a link to use
PER_ADDRESS = 3
PER_SUBSCRIBER = 50
WITHIN = timedelta(days=1)  # in which an address is asked, and a subscriber asks, no more often than that


class TooOften(RejectedInput):
    """Asked too often; `retry_after` seconds until it may be asked again."""

    def __init__(self, reason: str, retry_after: float) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


def is_needed(kind: str) -> bool:
    """Whether channels of this kind begin unconfirmed."""
    return kind == Email.name and settings().mail_opt_in


def ask(session: Session, channel: Channel) -> Delivery:
    """The question to a channel's address, stored; the caller announces it. Raises TooOften."""
    _count(session, channel)
    if channel.secret is None:  # made before channels had a token, by which the link is signed
        channel.secret = seal(secrets.token_urlsafe(24))
    made = now()
    data = {"to": channel.config["to"], "expires_at": moment(made + GOOD_FOR), "watchlists": []}
    body = {"type": TYPE, "timestamp": moment(made), "data": data}
    delivery = Delivery(
        subscriber_id=channel.subscriber_id,
        channel_id=channel.id,
        type=TYPE,
        watchlists=[],
        body=json.dumps(body, ensure_ascii=False),
    )
    session.add(delivery)
    session.flush()
    return delivery


def mailbox(session: Session, to: str) -> Mailbox:
    """What is known of an address, held until the transaction ends; made where nothing is."""
    address = to.lower()
    session.execute(insert(Mailbox).values(address=address).on_conflict_do_nothing())
    return session.get_one(Mailbox, address, with_for_update={"key_share": True}, populate_existing=True)


def _count(session: Session, channel: Channel) -> None:
    owner_id: UUID = channel.subscriber_id
    owner = session.get_one(Subscriber, owner_id, with_for_update={"key_share": True}, populate_existing=True)
    box, made = mailbox(session, channel.config["to"]), now()
    asked = [_room(box.asked, made, PER_ADDRESS, f"{channel.config['to']} was asked {PER_ADDRESS} times within a day")]
    asked += [_room(owner.asked, made, PER_SUBSCRIBER, f"you asked {PER_SUBSCRIBER} addresses within a day")]
    box.asked, owner.asked = asked


def _room(before: Sequence[datetime], made: datetime, most: int, reason: str) -> list[datetime]:
    """The moments within a day and this one; raises TooOften with the reason where they are too many."""
    recent = [one for one in before if made - one < WITHIN]
    if len(recent) >= most:
        raise TooOften(f"{reason}; try again later", (recent[-most] + WITHIN - made).total_seconds())
    return [*recent, made]

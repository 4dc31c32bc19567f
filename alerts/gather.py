"""What a channel with a pace is told: alert by alert while it keeps up, then all that waits in one message.

Its row is held while that is decided, so that workers together keep its pace. That of e-mail is the
address's, whichever channels write there.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

from alerts import many, pace, store
from alerts.channels import ChannelKind, Letter
from alerts.channels.email import Email
from core.sql import Asker

log = structlog.get_logger(__name__)
MOST = 40  # alerts in one message: a line each, about what a bot's message of 4,096 bytes holds in three parts


@dataclass(frozen=True)
class Waiting:
    """A delivery that is to be sent now: its id, body, the attempt's number in the log and how many tries of the
    delivery it makes, whether an earlier one never ended, whether this one only probes the channel; `after`: what must
    have happened before it leaves."""

    delivery_id: UUID
    body: str
    number: int = 1
    tries: int = 1
    in_doubt: bool = False
    probe: bool = False
    after: "asyncio.Future[None] | None" = None

    def letter(self, channel: Any, secret: str | None = None, old_secret: str | None = None) -> Letter:
        """As its channel sends it."""
        return Letter(
            id=str(self.delivery_id),
            body=self.body,
            config=channel.config,
            secret=secret,
            old_secret=old_secret,
            in_doubt=self.in_doubt,
            channel_id=str(channel.channel_id),
            after=self.after,
        )


def started(session: Asker, delivery: Any, *, probe: bool = False) -> Waiting:
    """Record that an attempt of a claimed delivery begins."""
    row = store.start_attempt(session, delivery.id, probe=probe)
    tries = delivery.attempts - 1 if probe else delivery.attempts
    return Waiting(delivery.id, delivery.body, row.number, tries, bool(row.doubtful), probe)


def all_started(session: Asker, deliveries: Sequence[Any]) -> list[Waiting]:
    """The same of many."""
    ids = [one.id for one in deliveries]
    rows = {row.delivery_id: row for row in many.START_ATTEMPTS(session, ids=ids)}
    found = [(one, rows[one.id]) for one in deliveries]
    return [Waiting(one.id, one.body, row.number, one.attempts, bool(row.doubtful)) for one, row in found]


def begin(
    session: Asker, delivery: Any, channel: Any, kind: ChannelKind, *, lease: float, probe: bool = False
) -> list[Waiting]:
    """Begin `delivery`, which is claimed, and with it what waits; nothing, and it is put off, where it is too early."""
    assert kind.pace is not None
    address = str(channel.config["to"]).lower() if kind.name == Email.name else None  # others may write there too
    sent = store.address_turns(session, address) if address else None
    own, moment, others = store.turns(session, channel.channel_id)
    recent = own if sent is None else sent
    free = pace.left(recent, kind.pace, moment)
    taken = [delivery]
    if 0 < free <= others and not probe:  # not each can have a message of its own
        taken += store.take_waiting(session, channel.channel_id, most=MOST - 1, lease=lease)
    messages = kind.messages(*(Waiting(one.id, one.body).letter(channel) for one in taken))
    if messages <= free:
        kept = pace.kept(recent, moment, messages, kind.pace)
        if address:
            store.keep_address_turns(session, address, kept)
        else:
            store.keep_turns(session, channel.channel_id, kept)
        return [started(session, one, probe=probe) for one in taken]
    pause = pace.wait(recent, kind.pace, moment, messages)
    store.put_off(session, [one.id for one in taken], pause, "waits for the channel's pace")
    log.info("delivery.paced", delivery_id=str(delivery.id), again_in=pause)
    return []

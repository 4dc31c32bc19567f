"""One attempt of one delivery: begin -> send -> record -> decide.

The attempt's row is committed before anything is sent, so that a worker killed between sending and recording leaves
an attempt in doubt, which the log tells and the next attempt knows.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

from alerts import channels, gather, store
from alerts.channels import Outcome
from alerts.channels.webhook import SEND_TIMEOUT
from alerts.gather import Waiting
from alerts.retry import Decision, decide
from core import work
from core.database import keep_now, pipelined, transaction
from core.models import Delivery
from core.secrets import unseal
from core.settings import settings

log = structlog.get_logger(__name__)
MARGIN = 5.0  # seconds that a lease outlasts the longest sending, so that two workers never send at once


@dataclass(frozen=True)
class Begun:
    """Attempts whose rows stand: the channel's row (channel, config, sealed secret) and what it is to be sent, one
    delivery, or several in one message."""

    channel: Any
    letters: Sequence[Waiting]


def lease() -> float:
    """Seconds for which a delivery is held while it is sent."""
    return max(settings().lease, SEND_TIMEOUT + MARGIN)


def deliver(delivery_id: UUID) -> bool:
    """Try a delivery once if it is due and nobody else does; whether an attempt was made."""
    begun = _begin(delivery_id)
    if begun is None:
        return False
    carry_out(begun)
    return True


def carry_out(begun: Begun) -> None:
    """Send what was begun, record how it ended, and decide what follows."""
    started = time.monotonic()
    outcome = _send(begun)
    milliseconds = (time.monotonic() - started) * 1000
    for one in begun.letters:
        decision = _record(one, outcome, milliseconds)
        log.info(
            "delivery.attempt",
            delivery_id=str(one.delivery_id),
            attempt=one.number,
            outcome=outcome.kind,
            reason=outcome.reason,
            again_in=decision.after,
        )


def _begin(delivery_id: UUID) -> Begun | None:
    """Claim the delivery, record that an attempt begins, and read what to send."""
    with transaction() as session:
        delivery: Delivery | None = work.claim(session, work.DELIVER, delivery_id, lease=lease())
        if delivery is None:
            return None
        channel = store.channel(session, delivery.channel_id)
        if not channel.enabled:
            reason = f"the channel is disabled: {channel.disabled_reason or 'by its owner'}"
            work.fail(session.get_one(Delivery, delivery_id), reason)
            return None
        kind = channels.find(channel.channel)
        if kind.pace is not None:
            letters = gather.begin(session, delivery, channel, kind, lease=lease())
        else:
            number, in_doubt = store.start_attempt(session, delivery_id)
            letters = [Waiting(delivery_id, delivery.body, number, in_doubt)]
        keep_now(session)  # what is told outside must not be forgotten inside
        return Begun(channel, letters) if letters else None


def _send(begun: Begun) -> Outcome:
    """Hand the letter to its channel; a fault of our own is an outcome too, and is logged with its trace."""
    channel = begun.channel
    try:
        secret = unseal(channel.secret) if channel.secret else None
    except ValueError as error:
        return Outcome(kind="refused", reason=str(error))
    try:
        return channels.find(channel.channel).send(*(one.letter(channel, secret) for one in begun.letters))
    except Exception as error:
        log.exception("delivery.fault", delivery_id=str(begun.letters[0].delivery_id))
        return Outcome(kind="later", reason=f"fault in Yinqi: {type(error).__name__}: {error}"[:500])


def _record(begun: Waiting, outcome: Outcome, milliseconds: float) -> Decision:
    """Write down how the attempt ended and what follows."""
    decision = decide(outcome, begun.number, chance=random.random())  # noqa: S311 - jitter, not a secret
    told = {"outcome": outcome.kind, "reason": outcome.reason, "milliseconds": milliseconds}
    told |= {"status_code": outcome.status_code, "answer": outcome.answer}
    if decision.end == "done":
        with pipelined() as flight:
            store.end_attempt(flight, begun.delivery_id, begun.number, **told)
            store.delivered(flight, begun.delivery_id)
        return decision
    with transaction() as session:
        store.end_attempt(session, begun.delivery_id, begun.number, **told)
        delivery = session.get_one(Delivery, begun.delivery_id, with_for_update={"of": Delivery})
        if decision.end == "failed":
            work.fail(delivery, outcome.reason)
        else:
            assert decision.after is not None
            work.postpone(delivery, decision.after, outcome.reason)
        if decision.disable:
            store.disable(session, begun.delivery_id, outcome.reason)
    return decision

"""One attempt of one delivery: load -> send -> record -> decide.

The attempt's row is committed before anything is sent, so that a worker killed between sending and recording leaves
an attempt in doubt, which the log tells and the next attempt knows.
"""

import random
import time
from uuid import UUID

import structlog

from alerts import channels, store
from alerts.channels import Letter, Outcome
from alerts.channels.webhook import SEND_TIMEOUT
from alerts.retry import Decision, decide
from core import work
from core.clock import now
from core.database import keep_now, transaction
from core.models import Channel, Delivery
from core.secrets import unseal
from core.settings import settings

log = structlog.get_logger(__name__)
MARGIN = 5.0  # seconds that a lease outlasts the longest sending, so that two workers never send at once


def deliver(delivery_id: UUID) -> bool:
    """Try a delivery once if it is due and nobody else does; whether an attempt was made."""
    loaded = _load(delivery_id)
    if loaded is None:
        return False
    kind, letter, number = loaded
    started = time.monotonic()
    outcome = _send(kind, letter)
    decision = _record(delivery_id, number, outcome, (time.monotonic() - started) * 1000)
    log.info(
        "delivery.attempt",
        delivery_id=str(delivery_id),
        attempt=number,
        outcome=outcome.kind,
        reason=outcome.reason,
        again_in=decision.after,
    )
    return True


def _load(delivery_id: UUID) -> tuple[str, Letter, int] | None:
    """Claim the delivery, record that an attempt begins, and read what to send."""
    with transaction() as session:
        lease = max(settings().lease, SEND_TIMEOUT + MARGIN)
        delivery: Delivery | None = work.claim(session, work.DELIVER, delivery_id, lease=lease)
        if delivery is None:
            return None
        channel = session.get_one(Channel, delivery.channel_id)
        if not channel.enabled:
            work.fail(delivery, f"the channel is disabled: {channel.disabled_reason or 'by its owner'}")
            return None
        try:
            secret = unseal(channel.secret) if channel.secret else None
        except ValueError as error:
            work.fail(delivery, str(error))
            return None
        number, in_doubt = store.start_attempt(session, delivery)
        keep_now(session)  # what is told outside must not be forgotten inside
        letter = Letter(
            id=str(delivery.id), body=delivery.body, config=channel.config, secret=secret, in_doubt=in_doubt
        )
        return channel.kind, letter, number


def _send(kind: str, letter: Letter) -> Outcome:
    """Hand the letter to its channel; a fault of our own is an outcome too, and is logged with its trace."""
    try:
        return channels.find(kind).send(letter)
    except Exception as error:
        log.exception("delivery.fault", delivery_id=letter.id)
        return Outcome(kind="later", reason=f"fault in Yinqi: {type(error).__name__}: {error}"[:500])


def _record(delivery_id: UUID, number: int, outcome: Outcome, milliseconds: float) -> Decision:
    """Write down how the attempt ended and what follows."""
    decision = decide(outcome, number, chance=random.random())  # noqa: S311 - jitter, not a secret
    with transaction() as session:
        delivery = store.end_attempt(
            session,
            delivery_id,
            number,
            outcome=outcome.kind,
            reason=outcome.reason,
            milliseconds=milliseconds,
            status_code=outcome.status_code,
            answer=outcome.answer,
        )
        if decision.end == "done":
            work.finish(delivery)
            delivery.delivered_at = now()
        elif decision.end == "failed":
            work.fail(delivery, outcome.reason)
        else:
            assert decision.after is not None
            work.postpone(delivery, decision.after, outcome.reason)
        if decision.disable:
            store.disable(session, delivery.channel_id, outcome.reason)
    return decision

"""One attempt of one delivery: begin -> send -> record -> decide.

The attempt's row is committed before anything is sent, so that a worker killed between sending and recording leaves
an attempt in doubt, which the log tells and the next attempt knows.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from alerts import channels, circuit, confirm, gather, store, suppression
from alerts.channels import Outcome
from alerts.channels.base import SEND_TIMEOUT
from alerts.disable import disable
from alerts.gather import Waiting
from alerts.loop import run
from alerts.retry import LONGEST_ASKED, Decision, decide
from core import work
from core.clock import now
from core.database import keep_now, pipelined, transaction
from core.models import Delivery
from core.secrets import unseal
from core.settings import settings

log = structlog.get_logger(__name__)
_PAUSED = 3600.0  # seconds until what waits for a paused channel looks again; ending the pause releases it at once
_BY_OWNER = "the channel is paused by its owner"
_LAST_IN_LINE = 1.0  # seconds that what has just failed lets others be the next probe: it may be itself that is refused
_PROBED_NOW = 30.0  # seconds until what waits looks again whether the probe that another worker sends was answered
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


@dataclass(frozen=True)
class Ended:
    """What was begun, how it ended, and how many milliseconds it took."""

    begun: Begun
    outcome: Outcome
    milliseconds: float

    @property
    def is_plain(self) -> bool:
        """Whether nothing follows but that it is written down."""
        return self.outcome.kind == "delivered" and not self.begun.channel.failures

    @property
    def releases(self) -> bool:
        """Whether more may be due to the channel now than anybody was told."""
        return self.outcome.kind == "delivered" and bool(self.begun.channel.failures)


def carry_out(begun: Begun) -> None:
    """Send what was begun, record how it ended, and decide what follows."""
    record([run(send(begun))])


def record(ended: Sequence[Ended]) -> None:
    """Write down how messages ended: those that simply arrived together."""
    plain = [one for one in ended if one.is_plain]
    if plain:
        with pipelined() as flight:
            store.all_delivered(flight, [(one, letter) for one in plain for letter in one.begun.letters])
    for one in ended:
        decisions = [Decision("done")] * len(one.begun.letters) if one.is_plain else _record(one)
        _tell(one.begun, one.outcome, decisions)


def _tell(begun: Begun, outcome: Outcome, decisions: Sequence[Decision]) -> None:
    for one, decision in zip(begun.letters, decisions, strict=True):
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
        begun = begin_one(session, delivery, store.channel(session, delivery.channel_id))
        keep_now(session)  # what is told outside must not be forgotten inside
        return begun


def begin_one(session: Session, delivery: Any, channel: Any) -> Begun | None:
    """Begin a delivery that is claimed; None, and it is failed or put off, where nothing may be sent now."""
    if reason := _shut(channel, delivery.type):
        work.fail(session.get_one(Delivery, delivery.id), reason)
        return None
    letters = _letters(session, delivery, channel)
    return Begun(channel, letters) if letters else None


def hold_others(session: Session, channel: Any) -> None:
    """Let all that is due to a channel wait that takes nothing now, rather than look at each."""
    if channel.paused:
        store.hold_back(session, channel.channel_id, _PAUSED, _BY_OWNER)
    elif circuit.state_of(channel).is_open and channel.enabled:
        pause, reason = _until_probed(channel)
        store.hold_back(session, channel.channel_id, pause, reason)


def _until_probed(channel: Any) -> tuple[float, str]:
    """Seconds until what waits for a failing channel looks again, and why."""
    waits = circuit.turn(circuit.state_of(channel), channel.moment) == "wait"
    pause = (channel.probe_at - channel.moment).total_seconds() if waits else _PROBED_NOW
    return pause, f"held back: the channel fails since {circuit.since(circuit.state_of(channel))}"


def _shut(channel: Any, type_: str) -> str | None:
    """Why nothing may be sent there at all; the question whether one may is, to an address that did not answer yet."""
    asks = type_ == confirm.TYPE
    if channel.disabled_reason if asks else not channel.enabled:
        return f"the channel is disabled: {channel.disabled_reason or 'by its owner'}"
    return None if asks or channel.confirmed_at else "the channel's address was not confirmed"


def _letters(session: Session, delivery: Any, channel: Any) -> list[Waiting]:
    """What may be sent now; nothing, and it is put off, where the channel is paused, fails or has its fill."""
    if channel.paused:
        store.put_off(session, [delivery.id], _PAUSED, _BY_OWNER)
        return []
    turn = circuit.turn(circuit.state_of(channel), channel.moment)
    probe = turn == "probe" and store.take_probe(session, channel.channel_id, circuit.PROBE_EVERY)
    if turn != "send" and not probe:
        pause, reason = _until_probed(channel)
        store.put_off(session, [delivery.id], pause, reason)
        return []
    kind = channels.find(channel.channel)
    if kind.pace is None or delivery.type == confirm.TYPE:
        return [gather.started(session, delivery, probe=probe)]
    return gather.begin(session, delivery, channel, kind, lease=lease(), probe=probe)


async def send(begun: Begun) -> Ended:
    """Hand the letter to its channel; a fault of our own is an outcome too, and is logged with its trace."""
    started = time.monotonic()
    outcome = await _outcome(begun)
    return Ended(begun, outcome, (time.monotonic() - started) * 1000)


async def _outcome(begun: Begun) -> Outcome:
    channel = begun.channel
    try:
        secret, old_secret = unsealed(channel)
    except ValueError as error:
        return Outcome(kind="refused", reason=str(error))
    try:
        letters = [one.letter(channel, secret, old_secret) for one in begun.letters]
        async with asyncio.timeout(SEND_TIMEOUT):
            return await channels.find(channel.channel).send(*letters)
    except TimeoutError:
        return Outcome(kind="later", reason=f"not done within {SEND_TIMEOUT:.0f} s")
    except Exception as error:
        log.exception("delivery.fault", delivery_id=str(begun.letters[0].delivery_id))
        return Outcome(kind="later", reason=f"fault in Yinqi: {type(error).__name__}: {error}"[:500])


def unsealed(channel: Any) -> tuple[str | None, str | None]:
    """A channel's secret, and the one before it while that is in force; ValueError where the key does not open them."""
    secret = unseal(channel.secret) if channel.secret else None
    until = channel.old_secret_until
    return secret, unseal(channel.old_secret) if channel.old_secret and until and until > now() else None


def _record(ended: Ended) -> list[Decision]:
    """Write down how the attempts of one message ended and what follows for each delivery."""
    begun, outcome = ended.begun, ended.outcome
    told = {"outcome": outcome.kind, "reason": outcome.reason, "milliseconds": ended.milliseconds}
    told |= {"status_code": outcome.status_code, "answer": outcome.answer}
    decisions = [decide(outcome, one.tries, chance=random.random()) for one in begun.letters]  # noqa: S311 - jitter
    with transaction() as session:
        probed_in = _switch(session, begun, outcome)  # once: it is the message that failed, or arrived
        decisions = [_held(decision, outcome, probed_in) for decision in decisions]
        for one, decision in zip(begun.letters, decisions, strict=True):
            store.end_attempt(session, one.delivery_id, one.number, **told)
            _put_back(session, one, decision, outcome.reason)
    return decisions


def _held(decision: Decision, outcome: Outcome, probed_in: float | None) -> Decision:
    """Where only probes are sent, what is to be tried again is kept ready for the next one."""
    if decision.end is not None or probed_in is None:
        return decision
    asked = min(outcome.retry_after or 0.0, LONGEST_ASKED)
    return Decision(None, max(probed_in, asked) + _LAST_IN_LINE)


def _put_back(session: Session, begun: Waiting, decision: Decision, reason: str) -> None:
    if decision.disable:
        suppression.end(session, begun.delivery_id, reason)
    if decision.end == "done":
        store.delivered(session, begun.delivery_id)
        return
    delivery = session.get_one(Delivery, begun.delivery_id, with_for_update={"of": Delivery})
    if decision.end == "failed":
        work.fail(delivery, reason)
        return
    assert decision.after is not None
    work.postpone(delivery, decision.after, reason)
    if begun.probe:
        delivery.attempts -= 1  # it was the channel that was tried


def _switch(session: Session, begun: Begun, outcome: Outcome) -> float | None:
    """Open or close the channel's circuit, disable what did nothing but fail for days; where it is open, the seconds
    until the next probe."""
    channel_id = begun.channel.channel_id
    held = store.circuit(session, channel_id)
    if held is None:
        return None  # deleted meanwhile
    before, moment = held
    after = circuit.after(before, outcome, moment)
    if after != before:
        store.keep_circuit(session, channel_id, after, release=before.is_open and not after.is_open)
    if circuit.is_given_up(after, moment):
        disable(session, channel_id, "failing", f"nothing but failures since {circuit.since(after)}")
    return (after.probe_at - moment).total_seconds() if after.is_open and after.probe_at else None

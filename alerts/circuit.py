"""A channel's circuit: after failures in a row only probes are sent, and what waits costs no attempt.

Pure. So one dead endpoint slows nobody else, and one that was down for days has everything within ten minutes of being
back: the first probe that arrives releases all that waits.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from alerts.channels.base import Outcome
from alerts.retry import LONGEST_ASKED

OPEN_AFTER = 3  # failures in a row of a channel, whichever its deliveries
PROBE_EVERY = timedelta(minutes=10)
# What stands before an endpoint that is down answers these, often with a Retry-After: it is obeyed, and probed all the
# same, or what waits would learn hours later that the endpoint is back.
_DOWN = frozenset({502, 503, 504})
GIVEN_UP_AFTER = timedelta(days=5)  # of nothing but failures; then the channel is disabled

Turn = Literal["send", "probe", "wait"]


@dataclass(frozen=True)
class State:
    """Failures in a row, since when, and not before when the next probe is sent."""

    failures: int = 0
    failing_since: datetime | None = None
    probe_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether only probes are sent."""
        return self.failures >= OPEN_AFTER


def state_of(channel: Any) -> State:
    """The circuit in a channel's row."""
    return State(channel.failures, channel.failing_since, channel.probe_at)


def turn(state: State, moment: datetime) -> Turn:
    """What a delivery that is due may do."""
    if not state.is_open:
        return "send"
    return "probe" if state.probe_at is None or state.probe_at <= moment else "wait"


def after(state: State, outcome: Outcome, moment: datetime) -> State:
    """The circuit after an attempt. Who refuses a message or asks for fewer is alive, and changes nothing."""
    if outcome.kind == "delivered":
        return State()
    if outcome.kind != "later" or (outcome.retry_after is not None and outcome.status_code not in _DOWN):
        return state
    failures = state.failures + 1
    asked = timedelta(seconds=min(outcome.retry_after or 0.0, LONGEST_ASKED))
    probe_at = moment + max(PROBE_EVERY, asked) if failures >= OPEN_AFTER else None
    return State(failures, state.failing_since or moment, probe_at)


def is_given_up(state: State, moment: datetime) -> bool:
    """Whether the channel did nothing but fail for too long."""
    return state.failing_since is not None and moment - state.failing_since >= GIVEN_UP_AFTER


def since(state: State) -> str:
    """Since when the channel fails, in words."""
    return f"{state.failing_since:%Y-%m-%d %H:%M} UTC" if state.failing_since else "just now"

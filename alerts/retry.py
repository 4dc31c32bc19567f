"""When to try again: from an outcome and the number of attempts alone, with the chance handed in."""

from dataclasses import dataclass

from alerts.channels.base import Outcome

# Seconds between attempts: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h (issue 5, after Svix and the
# Standard Webhooks example, stretched beyond three days so that a long weekend loses nothing).
GAPS = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
JITTER = 0.2
LONGEST_ASKED = 86400.0  # a Retry-After is obeyed up to a day


@dataclass(frozen=True)
class Decision:
    """What to do after an attempt: `end` is done or failed, or None to try again after `after` seconds."""

    end: str | None
    after: float | None = None
    disable: bool = False


def decide(outcome: Outcome, attempts: int, *, chance: float) -> Decision:
    """The decision after the `attempts`-th attempt ended as `outcome`; `chance` in [0, 1) spreads the next one."""
    if outcome.kind == "delivered":
        return Decision("done")
    if outcome.kind in ("gone", "refused"):
        return Decision("failed", disable=outcome.kind == "gone")
    if attempts > len(GAPS):
        return Decision("failed")
    gap = GAPS[attempts - 1] * (1 - JITTER + 2 * JITTER * chance)
    asked = min(outcome.retry_after or 0.0, LONGEST_ASKED)
    return Decision(None, max(gap, asked))

"""The retry schedule is a pure function, and is proved as one."""

import pytest

from alerts.channels import Outcome
from alerts.retry import GAPS, decide

LATER = Outcome(kind="later", reason="answered 500")


@pytest.mark.parametrize(("attempts", "gap"), list(enumerate(GAPS, start=1)))
def test_each_gap_is_kept_within_a_fifth(attempts: int, gap: int) -> None:
    waits = [decide(LATER, attempts, chance=chance).after for chance in (0.0, 0.5, 0.999)]
    assert waits[0] == pytest.approx(gap * 0.8)
    assert waits[1] == pytest.approx(gap)
    assert waits[2] == pytest.approx(gap * 1.2, rel=0.01)


def test_the_schedule_outlasts_three_days_and_then_ends() -> None:
    assert sum(GAPS) * 0.8 > 2.5 * 86400
    assert decide(LATER, len(GAPS) + 1, chance=0.5).end == "failed"


@pytest.mark.parametrize(("asked", "expected"), [(1.0, 5.0), (600.0, 600.0), (10 * 86400.0, 86400.0)])
def test_a_retry_after_is_obeyed_up_to_a_day_and_never_shortens_the_gap(asked: float, expected: float) -> None:
    outcome = Outcome(kind="later", reason="answered 429", retry_after=asked)
    assert decide(outcome, 1, chance=0.5).after == expected


def test_delivered_ends_gone_disables_refused_gives_up() -> None:
    assert decide(Outcome(kind="delivered", reason=""), 1, chance=0.5).end == "done"
    gone = decide(Outcome(kind="gone", reason=""), 1, chance=0.5)
    assert (gone.end, gone.disable) == ("failed", True)
    refused = decide(Outcome(kind="refused", reason=""), 1, chance=0.5)
    assert (refused.end, refused.disable) == ("failed", False)

"""The scheduler's ticks go on whatever one of its duties meets: all that is forgotten elsewhere waits for them."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core import scheduler, work
from core.settings import settings

FAULTS = (ValueError("a fault of ours"), OSError("no way to the broker"), OperationalError("SELECT 1", {}, OSError()))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_one_sweep_stops_neither_the_other_sweeps_nor_the_next_tick(
    session: Session, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    stop, swept = threading.Event(), []
    sweep: Callable[[work.Step], int] = work.sweep

    def faulty(step: work.Step) -> int:
        swept.append(step.name)
        if step is work.STEPS[0]:
            raise fault
        if len(swept) == 2 * len(work.STEPS):
            stop.set()
        return sweep(step)

    monkeypatch.setattr(settings(), "sweep_interval", 0.05)
    monkeypatch.setattr(work, "sweep", faulty)
    scheduler.run(stop)
    assert swept == [step.name for step in work.STEPS] * 2

"""Duties go on beside one that fails, what one did half is not kept, and the loop ends when it is told to."""

import threading
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core import catch_up
from core.models import LexiconChange


def test_a_duty_that_fails_keeps_nothing_and_stops_no_other(session: Session) -> None:
    def halfway(own: Session) -> int:
        own.add(LexiconChange(what="halfway"))
        own.flush()
        raise ValueError("a fault of ours")

    def refused(own: Session) -> int:
        own.execute(text("SELECT 1 / 0"))
        return 1

    def whole(own: Session) -> int:
        own.add(LexiconChange(what="whole"))
        return 1

    assert catch_up.once(map(catch_up.Duty, (halfway, refused, whole))) == 1
    assert session.scalars(select(LexiconChange.what)).all() == ["whole"]


def test_the_loop_goes_on_at_once_while_there_is_work_and_ends_when_told(session: Session) -> None:
    stop = threading.Event()

    def three_times(own: Session) -> int:
        own.add(LexiconChange(what="done"))
        own.flush()
        done = own.scalar(select(func.count(LexiconChange.id))) or 0
        if done == 3:
            stop.set()
        return 1

    catch_up.run(stop, [catch_up.Duty(three_times)])
    assert session.scalar(select(func.count(LexiconChange.id))) == 3


def test_a_duty_that_seldom_comes_goes_on_while_there_is_work_and_then_rests(session: Session) -> None:
    asked = []

    def twice(_: Session) -> int:
        asked.append("once more")
        return len(asked) < 3

    duties = (catch_up.Duty(twice, rest=3600), catch_up.Duty(twice))
    assert [catch_up.once(duties[:1]) for _ in range(5)] == [1, 1, 0, 0, 0]
    assert len(asked) == 3
    assert [catch_up.once(duties[1:]) for _ in range(2)] == [0, 0] and len(asked) == 5


@pytest.mark.parametrize(("done", "rests"), [([50, 50, 0], 0), ([49, 50, 0], 1), ([1, 1, 0], 2)])
def test_a_duty_that_is_not_behind_lets_rows_gather(
    session: Session, monkeypatch: pytest.MonkeyPatch, done: list[int], rests: int
) -> None:
    """Whatever comes a row at a time must not keep a processor busy."""
    stop, looks, waited = threading.Event(), iter(done), list[float]()

    def gathered(_: Session) -> int:
        count = next(looks)
        if not count:
            stop.set()
        return count

    def wait(timeout: Any = None) -> bool:
        waited.append(timeout)
        return stop.is_set()

    monkeypatch.setattr(stop, "wait", wait)
    catch_up.run(stop, [catch_up.Duty(gathered, batch=50)])
    assert waited[:-1] == [catch_up.EVERY] * rests, "the last is after it was told to stop"


def test_one_question_tells_for_which_duties_there_is_something_to_do(session: Session) -> None:
    done: list[str] = []

    def duty(name: str, open_: Any = None) -> catch_up.Duty:
        def act(_: Session) -> int:
            done.append(name)
            return 1

        return catch_up.Duty(act, open_=open_)

    changed = select(LexiconChange.id).where(LexiconChange.what == "open")
    duties = [duty("asked", changed), duty("not asked"), duty("asked otherwise", select(func.now()))]
    assert catch_up.once(duties) == 2 and done == ["not asked", "asked otherwise"]
    session.add(LexiconChange(what="open"))
    session.commit()
    assert catch_up.once(duties) == 3 and done[2:] == ["asked", "not asked", "asked otherwise"]


def test_where_the_question_fails_each_duty_finds_out_by_itself(session: Session) -> None:
    faulty = select(text("1 / 0"))
    assert catch_up.once([catch_up.Duty(lambda _: 1, open_=faulty), catch_up.Duty(lambda _: 1)]) == 2

"""Duties go on beside one that fails, what one did half is not kept, and the loop ends when it is told to."""

import threading

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

    assert catch_up.once((halfway, refused, whole)) == 1
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

    catch_up.run(stop, [three_times])
    assert session.scalar(select(func.count(LexiconChange.id))) == 3


def test_a_duty_that_seldom_comes_goes_on_while_there_is_work_and_then_rests(session: Session) -> None:
    asked = []

    def twice(_: Session) -> int:
        asked.append("once more")
        return len(asked) < 3

    duties = (catch_up.Seldom(twice, 3600), catch_up.Seldom(twice, 0))
    assert [catch_up.once(duties[:1]) for _ in range(5)] == [1, 1, 0, 0, 0]
    assert len(asked) == 3
    assert [catch_up.once(duties[1:]) for _ in range(2)] == [0, 0] and len(asked) == 5

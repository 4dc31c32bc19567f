"""When an alert is tried again, until it arrives or is a dead letter: over real servers, with the clock in hand.

The clock is the database's; it is moved by moving all that is due nearer.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from alerts import circuit
from alerts.deliver import deliver
from alerts.retry import GAPS, JITTER
from core.models import Delivery
from tests.alerts.fates import DAY, SLACK, Alerts
from tests.alerts.test_circuit import pass_time
from tests.fakes.receiver import Receiver


def test_an_alert_is_tried_ten_times_with_the_nine_gaps_and_is_then_a_dead_letter(
    alerts: Alerts, session: Session
) -> None:
    with Receiver() as receiver:
        channel = alerts.channel(receiver.url)
        row = alerts.make(channel)
        for number, gap in enumerate(GAPS, start=1):
            receiver.then = (500, {})
            assert deliver(row.id)
            wait = alerts.wait(row)
            assert gap * (1 - JITTER) <= wait <= gap * (1 + JITTER) + SLACK, number
            if gap > SLACK * 10:
                pass_time(session, timedelta(seconds=wait - SLACK * 2))
                assert not deliver(row.id)  # not before
            pass_time(session, timedelta(seconds=SLACK * 3))
            receiver.then = (204, {})  # its channel is well: other alerts arrive
            assert deliver(alerts.make(channel, 1 + number).id)
        receiver.then = (500, {})
        assert deliver(row.id)
        session.expire_all()
        assert (row.state, row.attempts, len(row.tries)) == ("failed", 10, 10)
        assert row.reason == "answered 500"
        assert channel.enabled
        pass_time(session, timedelta(days=30))
        assert not deliver(row.id)
        assert sum(one.id == str(row.id) for one in receiver.received) == 10


def due(session: Session) -> Sequence[Delivery]:
    """What a sweep would send for, in its order."""
    session.rollback()  # now() is the beginning of the transaction
    found = select(Delivery).where(Delivery.state == "open", Delivery.due_at <= func.now())
    return session.scalars(found.order_by(Delivery.due_at)).all()


def deliver_due(session: Session) -> None:
    """As workers would, until nothing is due."""
    while rows := due(session):
        for row in rows:
            deliver(row.id)


@contextmanager
def refusing() -> Iterator[Receiver]:
    """A receiver that does not run; it begins when it is entered."""
    yield Receiver()


@pytest.mark.parametrize(
    "answer", ["refused", (500, {}), (503, {"retry-after": "120"}), (502, {}), (404, {})], ids=lambda one: str(one)
)
@pytest.mark.parametrize(
    "back", [timedelta(minutes=1), timedelta(minutes=9)], ids=lambda one: f"{one.seconds // 60}min"
)
def test_a_receiver_that_was_down_for_two_days_has_everything_within_ten_minutes(
    alerts: Alerts, session: Session, answer: tuple[int, dict[str, str]] | str, back: timedelta
) -> None:
    with Receiver() as receiver:
        receiver.then = (204, {}) if isinstance(answer, str) else answer
        channel = alerts.channel("http://127.0.0.1:9/hook" if answer == "refused" else receiver.url)
        rows = [alerts.make(channel, number) for number in range(1, 13)]
        deliver_due(session)
        for hour in range(48):  # an alert each four hours meanwhile, and a look each hour: a probe fails each time
            if hour % 4 == 0:
                rows.append(alerts.make(channel, len(rows) + 1))
            deliver_due(session)
            pass_time(session, timedelta(hours=1))
        pass_time(session, back)
        deliver_due(session)  # the last probe before it is back
        assert {row.state for row in rows} == {"open"}
        receiver.then = (204, {})
        channel.config = {"url": receiver.url}
        session.commit()
        seen = len(receiver.received)
        for _ in range(10):
            pass_time(session, timedelta(minutes=1))
            deliver_due(session)
    session.expire_all()
    assert [row.state for row in rows] == ["done"] * len(rows)
    assert {one.json["number"] for one in receiver.received[seen:]} == set(range(1, len(rows) + 1))
    assert (channel.enabled, channel.failures, channel.failing_since) == (True, 0, None)


def test_one_alert_that_its_receiver_cannot_take_holds_no_other_back(alerts: Alerts, session: Session) -> None:
    with Receiver(then=(500, {})) as receiver:
        channel = alerts.channel(receiver.url)
        sick = alerts.make(channel)
        for _ in range(circuit.OPEN_AFTER):
            deliver_due(session)
            pass_time(session, timedelta(hours=1))
        receiver.then = lambda one: (500 if one.id == str(sick.id) else 204, {})
        others = [alerts.make(channel, number) for number in (2, 3)]
        deliver_due(session)
        for _ in range(2):
            pass_time(session, circuit.PROBE_EVERY)
            deliver_due(session)
    session.expire_all()
    assert [row.state for row in others] == ["done", "done"]


def test_a_probe_that_is_told_to_wait_for_ages_waits_a_day(alerts: Alerts, session: Session) -> None:
    with Receiver(then=(500, {})) as receiver:
        row = alerts.make(alerts.channel(receiver.url))
        for _ in range(circuit.OPEN_AFTER):
            deliver_due(session)
            pass_time(session, timedelta(hours=1))
        for status in (429, 503):
            receiver.then = (status, {"retry-after": "99999999"})
            assert deliver(row.id)
            assert DAY <= alerts.wait(row) <= DAY + SLACK
            pass_time(session, timedelta(days=1, minutes=1))

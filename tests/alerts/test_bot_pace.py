"""The pace of the three Chinese bots: what is too much for it waits, and is told in one message."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from alerts import pace
from alerts.channels import Pace
from alerts.deliver import deliver
from core.models import Channel, Delivery
from tests.alerts.bots import bot_channel, text_of, waiting
from tests.fakes.bots import Bots

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)


@given(
    st.lists(st.floats(0, 200), max_size=60).map(sorted),
    st.integers(1, 3),
    st.sampled_from([Pace(18), Pace(90, per_second=4), Pace(3)]),
)
def test_no_minute_and_no_second_ever_holds_more_than_the_pace(
    arrivals: list[float], messages: int, limit: Pace
) -> None:
    sent: list[float] = []
    recent: list[datetime] = []
    clock = 0.0
    for arrival in arrivals:
        clock = max(clock, arrival)
        while (pause := pace.wait(recent, limit, MOMENT + timedelta(seconds=clock), messages)) > 0:
            clock += pause
        recent = pace.kept(recent, MOMENT + timedelta(seconds=clock), messages, limit)
        sent += [clock] * messages
    for one in sent:
        assert sum(one <= other < one + 59.999 for other in sent) <= limit.per_minute
        if limit.per_second:
            assert sum(one <= other < one + 0.999 for other in sent) <= limit.per_second


def test_what_is_too_much_for_a_bot_is_gathered_in_one_message(session: Session) -> None:
    with Bots() as bots:
        channel = bot_channel(session, bots, "dingtalk")
        rows = waiting(session, channel, 50)
        for row in rows:
            deliver(row.id)
        session.expire_all()
        states = [row.state for row in session.scalars(select(Delivery).order_by(Delivery.version))]
        assert states == ["done"] * 50
        assert len(bots.taken["dingtalk"]) <= 18
        assert bots.refused == []
        told = "\n".join(text_of("dingtalk", one) for one in bots.taken["dingtalk"])
    assert [told.count(f"第{number}家公司：") for number in range(1, 51)] == [1] * 50
    assert {len(row.tries) for row in rows} == {1}


def test_a_channel_that_is_at_its_pace_waits_and_counts_no_attempt(session: Session) -> None:
    with Bots() as bots:
        channel = bot_channel(session, bots, "wecom")
        channel.recent = [datetime.now(UTC)] * 18
        session.commit()
        [row] = waiting(session, channel, 1)
        assert not deliver(row.id)
        session.refresh(row)
        assert (row.state, row.attempts, row.lease_until, row.tries) == ("open", 0, None, [])
        pause = row.due_at - datetime.now(UTC)
        assert timedelta(seconds=50) < pause <= timedelta(seconds=60)
        session.execute(update(Channel).values(recent=[datetime.now(UTC) - timedelta(seconds=61)] * 18))
        session.execute(update(Delivery).values(due_at=func.now()))
        session.commit()
        assert deliver(row.id)
        assert len(bots.taken["wecom"]) == 1


def test_a_gathered_message_that_fails_puts_all_its_alerts_off(session: Session) -> None:
    with Bots(answers=[{"errcode": 130101, "errmsg": "send too fast"}]) as bots:
        channel = bot_channel(session, bots, "dingtalk")
        channel.recent = [datetime.now(UTC)] * 17
        session.commit()
        rows = waiting(session, channel, 3)
        assert deliver(rows[0].id)
        for row in rows:
            session.refresh(row)
            assert (row.state, row.attempts, [one.outcome for one in row.tries]) == ("open", 1, ["later"])
            assert row.due_at > datetime.now(UTC) + timedelta(seconds=590)
        assert bots.taken["dingtalk"] == []


def test_a_gathered_message_that_fails_is_one_failure_of_its_channel(session: Session) -> None:
    with Bots(answers=[{"errcode": 310000, "errmsg": "sign not match"}]) as bots:
        channel = bot_channel(session, bots, "dingtalk")
        channel.recent = [datetime.now(UTC)] * 17
        session.commit()
        rows = waiting(session, channel, 5)
        assert deliver(rows[0].id)
        session.refresh(channel)
        assert (channel.failures, channel.probe_at) == (1, None)
        for row in rows:
            session.refresh(row)
            assert [one.outcome for one in row.tries] == ["later"]
            assert row.due_at < datetime.now(UTC) + timedelta(seconds=7)  # the first gap of the schedule

"""A channel that fails is probed, its alerts wait without cost, and it has everything once it is back."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from alerts import circuit
from alerts.channels import Outcome
from alerts.circuit import State, after, turn
from alerts.deliver import deliver
from core.models import Channel, Delivery
from tests.alerts import samples
from tests.fakes.receiver import Receiver

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
LATER = Outcome(kind="later", reason="answered 500")
DELIVERED = Outcome(kind="delivered", reason="")


def test_three_failures_in_a_row_open_the_circuit_and_one_success_closes_it() -> None:
    state = State()
    for failures in (1, 2, 3):
        assert turn(state, MOMENT) == "send"
        state = after(state, LATER, MOMENT)
        assert (state.failures, state.failing_since) == (failures, MOMENT)
    assert turn(state, MOMENT) == "wait"
    assert turn(state, MOMENT + circuit.PROBE_EVERY) == "probe"
    assert after(state, DELIVERED, MOMENT) == State()
    assert after(after(State(1, MOMENT), DELIVERED, MOMENT), LATER, MOMENT).failures == 1


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(kind="later", reason="answered 429", retry_after=30.0),
        Outcome(kind="refused", reason="bad words"),
        Outcome(kind="gone", reason="answered 410"),
    ],
)
def test_who_asks_to_wait_or_refuses_is_alive(outcome: Outcome) -> None:
    assert after(State(2, MOMENT), outcome, MOMENT) == State(2, MOMENT)


def test_five_days_of_nothing_but_failures_are_the_end() -> None:
    state = State(700, MOMENT, MOMENT)
    assert not circuit.is_given_up(state, MOMENT + timedelta(days=5, seconds=-1))
    assert circuit.is_given_up(state, MOMENT + timedelta(days=5))


def deliveries(session: Session, url: str, count: int) -> list[Delivery]:
    channel = samples.webhook(session, url)
    event, notice = samples.event(session)
    made = [
        Delivery(
            subscriber_id=channel.subscriber_id, channel_id=channel.id, type="event.created", event_id=event.id,
            version=version, article_id=notice.article_id, body=f'{{"number": {version}}}',
        )
        for version in range(count)
    ]  # fmt: skip
    session.add_all(made)
    session.commit()
    return made


def pass_time(session: Session, pause: timedelta) -> None:
    """Move all that is due, and the circuit, that much nearer: the clock is the database's."""
    session.execute(update(Delivery).values(due_at=Delivery.due_at - pause))
    session.execute(
        update(Channel).values(probe_at=Channel.probe_at - pause, failing_since=Channel.failing_since - pause)
    )
    session.commit()
    session.expire_all()


def due(session: Session) -> list[Delivery]:
    session.rollback()  # now() is the beginning of the transaction
    found = select(Delivery).where(Delivery.state == "open", Delivery.due_at <= func.now())
    return list(session.scalars(found.order_by(Delivery.version)))


def states(session: Session) -> set[str]:
    session.expire_all()
    return set(session.scalars(select(Delivery.state)))


def test_a_receiver_that_is_down_for_two_days_has_everything_with_the_first_probe_that_arrives(
    session: Session,
) -> None:
    with Receiver(answers=[(500, {})] * 10_000) as receiver:
        rows = deliveries(session, receiver.url, 20)
        for row in rows:
            deliver(row.id)
        assert len(receiver.received) == circuit.OPEN_AFTER
        minutes = 0
        while minutes < 2 * 24 * 60:
            pass_time(session, circuit.PROBE_EVERY)
            minutes += 10
            for row in due(session)[:3]:
                deliver(row.id)
        tried = len(receiver.received)
        assert 2 * 24 * 6 - 5 <= tried <= 2 * 24 * 6 + 5  # a probe every ten minutes, whatever waits
        receiver.answers.clear()
        pass_time(session, circuit.PROBE_EVERY)
        assert deliver(due(session)[0].id)
        assert len(due(session)) == 19  # at once, not when each would have been tried again
        for row in due(session):
            deliver(row.id)
        assert states(session) == {"done"}
        assert {one.json["number"] for one in receiver.received[tried:]} == set(range(20))
    session.expire_all()
    channel = session.scalars(select(Channel)).one()
    assert (channel.failures, channel.failing_since, channel.probe_at, channel.enabled) == (0, None, None, True)
    assert max(row.attempts for row in rows) <= circuit.OPEN_AFTER + 1


def test_a_channel_that_only_failed_for_five_days_is_disabled_with_the_reason(session: Session) -> None:
    with Receiver(answers=[(500, {})] * 100) as receiver:
        [row] = deliveries(session, receiver.url, 1)
        for _ in range(4):
            deliver(row.id)
            session.execute(text("UPDATE delivery SET due_at = now()"))
            session.execute(text("UPDATE channel SET probe_at = now()"))
            session.commit()
        pass_time(session, timedelta(days=5))
        deliver(row.id)
        session.expire_all()
        channel = session.scalars(select(Channel)).one()
        assert not channel.enabled
        assert "nothing but failures since" in (channel.disabled_reason or "")
        seen = len(receiver.received)
        session.execute(text("UPDATE delivery SET due_at = now()"))
        session.commit()
        deliver(row.id)
        session.refresh(row)
        assert row.state == "failed"
        assert len(receiver.received) == seen


def test_only_one_of_many_waiting_deliveries_probes(session: Session) -> None:
    with Receiver(answers=[(500, {})] * 3) as receiver:
        rows = deliveries(session, receiver.url, 6)
        for row in rows:
            deliver(row.id)
        receiver.answers = [(503, {})] * 10
        pass_time(session, circuit.PROBE_EVERY)
        for row in due(session):
            deliver(row.id)
        assert len(receiver.received) == circuit.OPEN_AFTER + 1
        session.expire_all()
        tries = [one for row in rows for one in row.tries]
        assert [one.probe for one in sorted(tries, key=lambda one: one.started_at)] == [False] * 3 + [True]

"""`yinqi deliveries`: the log of alerts on the terminal."""

from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from alerts.deliver import deliver
from core.models import Attempt, Channel, Delivery
from tests.alerts import samples
from tests.cli.conftest import Yinqi
from tests.fakes.receiver import Receiver


@pytest.fixture
def failed(session: Session) -> Delivery:
    """A delivery that was given up after one attempt."""
    channel = samples.webhook(session, "https://hooks.example.com/")
    event, notice = samples.event(session)
    given = {"body": '{"a": "[b]"}', "state": "failed", "reason": "answered 500", "attempts": 1}
    row = samples.delivery(session, channel, event.id, notice.article_id, **given)
    session.add(
        Attempt(delivery_id=row.id, number=1, outcome="later", milliseconds=12.3, status_code=500, answer="[oops]")
    )
    session.commit()
    return row


def test_dead_letters_are_listed_with_their_reason(yinqi: Yinqi, failed: Delivery) -> None:
    told = yinqi("deliveries", "list", "--state", "failed", "--channel", "hook").output
    assert str(failed.id) in told
    assert "answered 500" in told
    assert str(failed.id) not in yinqi("deliveries", "list", "--state", "done").output


def test_one_is_shown_with_its_attempts_and_its_body(yinqi: Yinqi, failed: Delivery) -> None:
    told = yinqi("deliveries", "show", str(failed.id)).output
    assert "later" in told and "500" in told and '{"a": "[b]"}' in told
    assert "12" in told and "[oops]" in told
    assert "mend what the reason names" in told


def test_dead_letters_alike_stand_together_with_what_to_do(yinqi: Yinqi, failed: Delivery, session: Session) -> None:
    twin = {name: getattr(failed, name) for name in ("subscriber_id", "channel_id", "type", "event_id", "article_id")}
    session.add(Delivery(**twin, version=2, body="{}", state="failed", reason="answered 500", attempts=10))
    session.commit()
    told = yinqi("deliveries", "dead").output
    assert told.startswith("甲: hook: 2 given up, made ")
    assert "why: answered 500" in told and "to do: every attempt failed" in told
    assert f"yinqi deliveries resend --state failed --channel {failed.channel_id}" in told.splitlines()[-1]
    assert "there are no dead letters" in yinqi("deliveries", "dead", "--until", "2020-01-01").output
    assert "opened again: 2" in yinqi("deliveries", "resend", "--state", "failed", "--channel", "hook").output
    assert "there are no dead letters" in yinqi("deliveries", "dead").output


def test_a_channel_is_tested_paused_and_released_by_its_name(yinqi: Yinqi, failed: Delivery, session: Session) -> None:
    told = yinqi("deliveries", "test", "hook").output
    made = session.scalars(select(Delivery).where(Delivery.type == "test")).one()
    assert str(made.id) in told
    assert "paused: hook" in yinqi("deliveries", "pause", "hook").output
    with Receiver() as receiver:
        session.execute(update(Channel).values(config={"url": receiver.url}))
        session.commit()
        assert not deliver(made.id)
        assert "released: hook" in yinqi("deliveries", "release", str(failed.channel_id)).output
        assert deliver(made.id)
    assert [one.json["type"] for one in receiver.received] == ["test"]


def test_a_name_that_two_subscribers_gave_is_not_guessed(yinqi: Yinqi, failed: Delivery, session: Session) -> None:
    other = samples.webhook(session, "https://other.example.com/", subscriber="乙")
    session.commit()
    result = yinqi("deliveries", "pause", "hook")
    assert result.exit_code == 2
    assert str(other.id) in result.stderr and str(failed.channel_id) in result.stderr


def test_one_or_all_are_sent_once_more(yinqi: Yinqi, failed: Delivery, session: Session) -> None:
    assert "opened again: 0" in yinqi("deliveries", "resend", "--state", "failed", "--until", "2020-01-01").output
    assert "opened again: 1" in yinqi("deliveries", "resend", "--state", "failed", "--since", "2020-01-01").output
    session.rollback()
    assert list(session.scalars(select(Delivery.state))) == ["open"]
    assert "opened again: 1" in yinqi("deliveries", "resend", str(failed.id)).output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("resend",), "name one ID"),
        (("resend", str(uuid4())), "no delivery has this id"),
        (("resend", "--state", "lost"), "'lost' is none of done, failed"),
        (("resend", "--since", "gestern"), "--since"),
        (("list", "--channel", "pigeon"), "no channel is called 'pigeon'"),
        (("list", "--state", "lost"), "'lost'"),
        (("show", str(uuid4())), "no delivery has this id"),
        (("list", "--since", "gestern"), "--since"),
        (("dead", "--channel", "pigeon"), "no channel is called 'pigeon'"),
        (("test", "pigeon"), "no channel is called 'pigeon'"),
        (("pause", "pigeon"), "no channel is called 'pigeon'"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(yinqi: Yinqi, arguments: tuple[str, ...], told: str) -> None:
    result = yinqi("deliveries", *arguments)
    assert result.exit_code == 2
    assert told in result.stderr

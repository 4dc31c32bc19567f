"""`yinqi deliveries`: the log of alerts on the terminal."""

from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import Attempt, Delivery
from tests.alerts import samples
from tests.cli.conftest import Yinqi


@pytest.fixture
def failed(session: Session) -> Delivery:
    """A delivery that was given up after one attempt."""
    channel = samples.webhook(session, "https://hooks.example.com/")
    event, notice = samples.event(session)
    row = Delivery(
        subscriber_id=channel.subscriber_id, channel_id=channel.id, type="event.created", event_id=event.id,
        version=1, article_id=notice.article_id, body='{"a": "[b]"}', state="failed", reason="answered 500", attempts=1,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add(Attempt(delivery_id=row.id, number=1, outcome="later", milliseconds=12.3, status_code=500))
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
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(yinqi: Yinqi, arguments: tuple[str, ...], told: str) -> None:
    result = yinqi("deliveries", *arguments)
    assert result.exit_code == 2
    assert told in result.stderr

"""A delivery is told once, by a frozen body, and each attempt stands in the log."""

import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from alerts.deliver import deliver
from alerts.match import match
from alerts.post import close
from alerts.tell import tell
from core import work
from core.models import Attempt, Channel, Delivery
from core.settings import settings
from tests.alerts import samples
from tests.fakes.mail import MailCatcher
from tests.fakes.receiver import Receiver


def _deliveries(session: Session) -> list[Delivery]:
    session.expire_all()
    return list(session.scalars(select(Delivery).order_by(Delivery.created_at)))


def _due(session: Session) -> None:
    session.execute(update(Delivery).values(due_at=func.now(), lease_until=None))
    session.commit()


def test_a_watched_bank_is_told_by_webhook_with_the_sentence_that_proves_it(session: Session) -> None:
    with Receiver() as receiver:
        samples.watch(session, samples.webhook(session, receiver.url), banks=["北海银行"])
        _, notice = samples.event(session)
        work.attempt(work.MATCH, notice.id, match)
        [delivery] = _deliveries(session)
        assert deliver(delivery.id)
        assert not deliver(delivery.id)  # done is done
    [got] = receiver.received
    assert got.verified(samples.SECRET)
    assert got.id == str(delivery.id)
    event = got.json["data"]["event"]
    assert event["firm"]["name"] == "青禾智造"
    assert event["amount"] == {"min": 8_000_000, "max": 8_000_000, "currency": "CNY", "qualifier": "exact"}
    assert event["evidence"][0]["quote"] == samples.TEXT[event["evidence"][0]["start"] : event["evidence"][0]["end"]]


def test_a_failed_attempt_is_repeated_with_the_same_id_and_body(session: Session) -> None:
    with Receiver(answers=[(500, {}), (200, {})]) as receiver:
        samples.watch(session, samples.webhook(session, receiver.url), firms=["青禾智造科技有限公司"])
        _, notice = samples.event(session)
        work.attempt(work.MATCH, notice.id, match)
        [delivery] = _deliveries(session)
        deliver(delivery.id)
        assert not deliver(delivery.id)  # not due yet: it waits in PostgreSQL
        _due(session)
        deliver(delivery.id)
    first, second = receiver.received
    assert (first.id, first.body) == (second.id, second.body)
    [delivery] = _deliveries(session)
    assert delivery.state == "done"
    assert [a.outcome for a in delivery.tries] == ["later", "delivered"]


def test_an_attempt_that_never_ended_stands_in_doubt_in_the_log(session: Session) -> None:
    with Receiver() as receiver:
        channel = samples.webhook(session, receiver.url)
        samples.watch(session, channel, banks=["北海银行"])
        _, notice = samples.event(session)
        work.attempt(work.MATCH, notice.id, match)
        [delivery] = _deliveries(session)
        session.add(Attempt(delivery_id=delivery.id, number=1))  # a worker was killed while it sent
        session.commit()
        deliver(delivery.id)
    [delivery] = _deliveries(session)
    assert [a.outcome for a in delivery.tries] == [None, "delivered"]


def test_two_watchlists_with_one_channel_make_one_delivery_that_names_both(session: Session) -> None:
    with Receiver() as receiver:
        channel = samples.webhook(session, receiver.url)
        samples.watch(session, channel, name="banks", banks=["北海银行"])
        samples.watch(session, channel, name="firms", firms=["青禾智造"])
        _, notice = samples.event(session)
        tell(notice.id)
        close()  # what became of it is written down beside the sending
        [delivery] = _deliveries(session)
        assert (sorted(delivery.watchlists), delivery.state) == (["banks", "firms"], "done")
    [got] = receiver.received
    assert sorted(got.json["data"]["watchlists"]) == ["banks", "firms"]


def test_the_worker_that_matched_sends_the_first_and_announces_the_others(session: Session) -> None:
    with Receiver() as one, Receiver() as other:
        first = samples.webhook(session, one.url, name="one")
        samples.watch(session, first, samples.webhook(session, other.url, name="other"), banks=["北海银行"])
        _, notice = samples.event(session)
        tell(notice.id)
        close()
        assert len(one.received) + len(other.received) == 1
        assert work.queue_length("alerts") == 1
        [left] = [delivery for delivery in _deliveries(session) if delivery.state == "open"]
        assert deliver(left.id)
    assert [got.verified(samples.SECRET) for got in (*one.received, *other.received)] == [True, True]


def test_matching_twice_tells_once(session: Session) -> None:
    samples.watch(session, samples.webhook(session, "http://127.0.0.1:9/"), banks=["北海银行"])
    _, notice = samples.event(session)
    for _ in range(2):
        match(session, notice)
        session.commit()
    assert len(_deliveries(session)) == 1


@pytest.mark.parametrize(
    ("columns", "event", "told"),
    [
        ({"banks": ["工商银行"]}, {}, 0),
        ({"banks": ["北海银行"], "min_amount": 8_000_000}, {}, 1),
        ({"banks": ["北海银行"], "min_amount": 8_000_001}, {}, 0),
        ({"banks": ["北海银行"], "min_amount": 1}, {"amount_min": None, "amount_max": None, "currency": None}, 0),
        ({"banks": ["北海银行"], "min_amount": 1}, {"currency": "USD"}, 0),
        ({"banks": ["北海银行"]}, {"tech": False}, 0),
        ({"firms": ["青禾智造"]}, {"tech": False}, 1),
        ({"banks": ["北海银行"], "tech_only": False}, {"tech": False}, 1),
        ({"banks": ["北海银行"], "instruments": ["bond"]}, {}, 0),
        ({"banks": ["北海银行"], "min_confidence": 0.95}, {}, 0),
        ({"banks": ["北海银行"], "enabled": False}, {}, 0),
        ({"banks": ["北海银行"], "triggers": ["mention"]}, {}, 0),
    ],
)
def test_a_watchlist_gets_what_it_asked_for(
    session: Session, columns: dict[str, object], event: dict[str, object], told: int
) -> None:
    samples.watch(session, samples.webhook(session, "http://127.0.0.1:9/"), **columns)
    _, notice = samples.event(session, **event)
    work.attempt(work.MATCH, notice.id, match)
    assert len(_deliveries(session)) == told


def test_a_gone_endpoint_is_disabled_and_told_why(session: Session) -> None:
    with Receiver(answers=[(410, {})]) as receiver:
        channel = samples.webhook(session, receiver.url)
        samples.watch(session, channel, banks=["北海银行"])
        _, notice = samples.event(session)
        work.attempt(work.MATCH, notice.id, match)
        deliver(_deliveries(session)[0].id)
    session.expire_all()
    channel = session.get_one(Channel, channel.id)
    assert not channel.enabled
    assert "410" in (channel.disabled_reason or "")


def _mailed(session: Session, catcher: MailCatcher) -> list[EmailMessage]:
    hook = samples.webhook(session, "http://127.0.0.1:9/")
    samples.watch(session, samples.email(session, "reader@example.org", like=hook), banks=["北海银行"])
    _, notice = samples.event(session)
    work.attempt(work.MATCH, notice.id, match)
    deliver(_deliveries(session)[0].id)
    return catcher.messages


def test_an_email_quotes_the_evidence_in_text_and_html(session: Session, catcher: MailCatcher) -> None:
    [message] = _mailed(session, catcher)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None and html is not None
    for part in (text.get_content(), re.sub("</?strong[^>]*>", "", html.get_content())):
        assert "向青禾智造发放流动资金贷款800万元" in part
        assert f"{settings().public_url}/events/" in part
    assert message["subject"] == "【银企】北海银行 → 青禾智造：800万元流动资金贷款"
    assert message["to"] == "reader@example.org"


def test_an_email_is_repeated_with_the_same_message_id(session: Session, catcher: MailCatcher) -> None:
    catcher.refuse = "451 try later"
    assert not _mailed(session, catcher)
    [delivery] = _deliveries(session)
    assert delivery.reason == "the mail server answered 451"
    catcher.refuse = None
    for _ in range(2):  # the second one stands for a worker killed before it recorded the first
        session.execute(
            update(Delivery).values(due_at=func.now() - timedelta(seconds=1), lease_until=None, state="open")
        )
        session.commit()
        deliver(delivery.id)
    one, two = catcher.messages
    assert one["message-id"] == two["message-id"]
    assert str(delivery.id) in one["message-id"]


def test_an_email_can_be_ended_with_one_click_and_threads_with_what_follows(
    session: Session, catcher: MailCatcher
) -> None:
    [message] = _mailed(session, catcher)
    [channel] = session.scalars(select(Channel).where(Channel.kind == "email"))
    assert message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    address = f"{settings().public_url}/v1/unsubscribe/{channel.id}.mail-token"
    assert message["list-unsubscribe"] == f"<{address}>"
    [delivery] = _deliveries(session)
    assert message["references"] == f"<event-{delivery.event_id}@localhost>"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None and address in text.get_content()
    assert html is not None and address in html.get_content()

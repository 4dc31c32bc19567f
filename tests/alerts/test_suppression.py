"""Nobody is written to who is not there or does not want it, and whose channel was disabled is told so once."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from alerts import suppression, wording
from alerts.bounces import Bounce
from alerts.deliver import deliver
from alerts.disable import CAUSES, disable
from alerts.match import match
from core import work
from core.clock import now
from core.models import Channel, Delivery, Mailbox
from core.settings import settings
from tests.alerts import samples
from tests.fakes.mail import MailCatcher
from tests.fakes.receiver import Receiver

TO = "reader@example.org"


@pytest.fixture
def mail(session: Session, hook: Channel) -> Channel:
    return samples.email(session, TO, like=hook)


def alert(session: Session, channel: Channel) -> Delivery:
    """A delivery for the channel."""
    samples.watch(session, channel, banks=["北海银行"])
    _, notice = samples.event(session)
    work.attempt(work.MATCH, notice.id, match)
    return session.scalars(select(Delivery).where(Delivery.channel_id == channel.id)).one()


def notices(session: Session) -> list[Delivery]:
    session.expire_all()
    return list(session.scalars(select(Delivery).where(Delivery.type == "channel.disabled")))


def bounce(
    address: str | None = TO, *, permanent: bool = True, message_id: str | None = None, kind: str = "bounce"
) -> Bounce:
    return Bounce(kind=kind, address=address, permanent=permanent, reason="5.1.1 no such user", message_id=message_id)


def test_an_address_that_the_mail_server_does_not_know_is_written_to_no_more(
    session: Session, hook: Channel, mail: Channel, catcher: MailCatcher
) -> None:
    catcher.unknown = {TO}
    delivery = alert(session, mail)
    deliver(delivery.id)
    session.expire_all()
    assert (delivery.state, mail.enabled) == ("failed", False)
    assert "550" in (mail.disabled_reason or "")
    assert "suppressed since" in (suppression.why(session, "READER@example.org") or "")
    [told] = notices(session)
    assert told.channel_id == hook.id  # the only other place that its owner has


def test_a_refusal_that_is_not_about_the_address_suppresses_nothing(
    session: Session, mail: Channel, catcher: MailCatcher
) -> None:
    catcher.refuse = "554 5.7.1 looks like spam"
    delivery = alert(session, mail)
    deliver(delivery.id)
    session.expire_all()
    assert (delivery.state, mail.enabled) == ("failed", True)
    assert suppression.why(session, TO) is None


def test_a_bounce_disables_every_channel_of_the_address_whoever_owns_them(session: Session, mail: Channel) -> None:
    other = samples.webhook(session, "http://127.0.0.1:9/", subscriber="乙")
    theirs = samples.email(session, "Reader@Example.org", like=other)
    taken = suppression.take(session, bounce(), proof=False)
    assert taken.result == "suppressed"
    session.expire_all()
    assert (mail.enabled, theirs.enabled) == (False, False)
    assert {one.subscriber_id for one in notices(session)} == {mail.subscriber_id, theirs.subscriber_id}
    suppression.take(session, bounce(kind="complaint"), proof=False)
    assert len(notices(session)) == 2


def test_a_bounce_mailbox_is_believed_only_about_mail_of_ours_to_that_address(
    session: Session, mail: Channel, catcher: MailCatcher
) -> None:
    delivery = alert(session, mail)
    deliver(delivery.id)
    own = catcher.messages[0]["message-id"]
    forged = [
        bounce(),
        bounce(message_id="<x@example.org>"),
        bounce("victim@example.org", message_id=own),
        bounce(None),
    ]
    assert {suppression.take(session, one, proof=True).result for one in forged} == {"ignored"}
    assert session.scalar(select(func.count()).where(Mailbox.suppressed_at.is_not(None))) == 0
    assert suppression.take(session, bounce(None, message_id=own), proof=True).result == "suppressed"


def test_bounces_that_may_pass_suppress_only_when_five_come_in_a_row(session: Session, mail: Channel) -> None:
    def soft(number: int) -> str:
        one = bounce(permanent=False, message_id=f"<{number}@example.org>")
        return suppression.take(session, one, proof=False).result

    assert [soft(number) for number in (1, 2, 2, 3, 4)] == ["counted", "counted", "ignored", "counted", "counted"]
    box = session.get_one(Mailbox, TO)
    box.bounced_at = now() - timedelta(days=8)
    assert soft(5) == "counted"  # a week without any, and the count begins anew
    assert [soft(number) for number in range(6, 10)] == ["counted"] * 3 + ["suppressed"]
    session.expire_all()
    assert not mail.enabled


def test_the_operator_lifts_a_suppression(session: Session, mail: Channel) -> None:
    suppression.suppress(session, TO, "bounce", "5.1.1")
    assert suppression.lift(session, TO)
    assert suppression.why(session, TO) is None
    assert not suppression.lift(session, TO)


def test_the_owner_of_a_disabled_channel_is_told_by_mail_why_and_how_to_go_on(
    session: Session, hook: Channel, mail: Channel, catcher: MailCatcher
) -> None:
    with Receiver(answers=[(410, {})]) as receiver:
        hook.config = {"url": receiver.url}
        session.commit()
        deliver(alert(session, hook).id)
    [told] = notices(session)
    assert told.channel_id == mail.id
    deliver(told.id)
    [message] = catcher.messages
    assert message["subject"] == "【银企】渠道“hook”已停用"
    part = message.get_body(("plain",))
    assert part is not None
    text = part.get_content()
    pages = settings().public_url
    assert "410" in text and "list" in text and f"在 {pages}/channels/{hook.id} 启用" in text
    assert f"在 {pages}/deliveries?channel={hook.id} 补发" in text


def test_a_channel_is_disabled_and_told_once(session: Session, hook: Channel, mail: Channel) -> None:
    session.commit()
    assert disable(session, hook.id, "failing", "nothing but failures")
    assert not disable(session, hook.id, "failing", "nothing but failures")
    session.commit()
    assert len(notices(session)) == 1


def test_an_owner_is_told_where_they_read_and_never_at_a_place_that_does_not_work(
    session: Session, hook: Channel, mail: Channel
) -> None:
    second = Channel(
        subscriber_id=hook.subscriber_id,
        kind="webhook",
        name="own",
        config={"url": "http://127.0.0.1:9/"},
        to_owner=True,
    )
    session.add(second)
    session.commit()
    disable(session, hook.id, "gone", "410")
    assert [one.channel_id for one in notices(session)] == [second.id]
    session.execute(update(Channel).where(Channel.id == mail.id).values(confirmed_at=None))
    disable(session, second.id, "gone", "410")
    assert len(notices(session)) == 1  # no place is left, and the log says so


def test_every_cause_has_its_words(session: Session, hook: Channel, mail: Channel) -> None:
    disable(session, hook.id, "failing", "x")
    [told] = notices(session)
    body = json.loads(told.body)
    for cause in CAUSES:
        body["data"]["cause"] = cause
        assert cause not in dict(wording.told(body, public_url="http://x")["rows"])["原因"]

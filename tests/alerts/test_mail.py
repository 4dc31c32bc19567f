"""E-mail keeps to a pace for each address, and nothing that stands in an article becomes a header or markup."""

import json
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from alerts.channels import Letter
from alerts.channels._mail import compose, gather
from alerts.deliver import deliver
from alerts.trial import trial
from core.models import Channel, Delivery, Mailbox
from core.settings import settings
from tests.alerts import samples
from tests.fakes.mail import MailCatcher

TO = "reader@example.org"


@pytest.fixture
def catcher(catcher: MailCatcher, monkeypatch: pytest.MonkeyPatch) -> MailCatcher:
    """That server, which is to get three mails an hour for each address."""
    monkeypatch.setenv("YINQI_MAIL_PER_HOUR", "3")
    settings.cache_clear()
    return catcher


@pytest.fixture
def channel(session: Session) -> Channel:
    made = samples.email(session, TO, like=samples.webhook(session, "http://127.0.0.1:9/"))
    session.commit()
    return made


def queue(session: Session, channel: Channel, count: int) -> list[Delivery]:
    """So many test alerts that wait."""
    rows = [trial(channel) for _ in range(count)]
    session.add_all(rows)
    session.commit()
    return rows


def work_off(session: Session) -> None:
    session.expire_all()
    for row in session.scalars(select(Delivery).where(Delivery.state == "open").order_by(Delivery.id)).all():
        deliver(row.id)
    session.expire_all()


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def event_letter(**event: Any) -> Letter:
    """An alert as the body of a delivery holds it."""
    told: dict[str, Any] = {
        "id": "019ab4c2-6f1e-7c34-9d55-0d6f5b2f8a11", "version": 1,
        "bank": {"id": "b", "name": "样例银行"}, "branch": None,
        "firm": {"id": "f", "name": "青禾智造科技有限公司", "aliases": ["青禾智造"]}, "firm_description": None,
        "instrument": "working_capital_loan", "instrument_text": "流动资金贷款", "shared_amount": False,
        "amount": {"min": 8_000_000, "max": 8_000_000, "currency": "CNY", "qualifier": "exact"},
        "date": "2026-03", "term_months": None, "status": "granted", "confidence": 0.9,
        "evidence": [{"quote": "样例银行3月向青禾智造发放流动资金贷款800万元", "title": "题", "url": None}],
    }  # fmt: skip
    data = {"event": told | event, "previous": None, "watchlists": ["名单"]}
    body = json.dumps({"type": "event.created", "timestamp": "2026-03-13T00:00:00.000Z", "data": data})
    return Letter(id="1" * 36, body=body, config={"to": TO}, secret="token", channel_id="c")


def test_what_is_more_than_an_hour_takes_comes_in_one_message_and_loses_nothing(
    session: Session, catcher: MailCatcher, channel: Channel
) -> None:
    queue(session, channel, 7)
    work_off(session)
    [gathered] = catcher.messages
    assert {row.state for row in session.scalars(select(Delivery))} == {"done"}
    assert gathered["subject"] == "【银企】7条提醒" and text_of(gathered).count("测试：mail") == 7
    for _ in range(3):
        [late] = queue(session, channel, 1)
        work_off(session)
    assert len(catcher.messages) == 3
    assert (session.get_one(Delivery, late.id).state, late.attempts) == ("open", 0)
    [box] = session.scalars(select(Mailbox))
    box.recent = [moment - timedelta(hours=1) for moment in box.recent]
    session.execute(update(Delivery).where(Delivery.state == "open").values(due_at=func.now()))
    session.commit()
    work_off(session)
    assert session.get_one(Delivery, late.id).state == "done"


def test_two_channels_with_one_address_share_its_pace(session: Session, catcher: MailCatcher, channel: Channel) -> None:
    other = samples.email(session, TO.upper(), like=samples.webhook(session, "http://127.0.0.1:9/", subscriber="乙"))
    for one in (channel, other, channel, other, channel):
        for row in queue(session, one, 1):
            deliver(row.id)
    assert len(catcher.messages) == 3
    session.expire_all()
    waiting = [row for row in session.scalars(select(Delivery)) if row.state == "open"]
    assert [(row.attempts, row.reason) for row in waiting] == [(0, "waits for the channel's pace")] * 2


def test_a_gathered_message_that_was_in_doubt_says_that_it_may_repeat() -> None:
    one, two = event_letter(), event_letter()
    message = gather((one, two), settings())
    assert message["message-id"].startswith(f"<{one.id}.")
    assert "可能重复" not in message["subject"]
    doubtful = Letter(**{**vars(two), "in_doubt": True})
    assert "可能重复" in gather((one, doubtful), settings())["subject"]


BREAKS = ["\r\nBcc: victim@example.org", "\nX-Evil: 1", "\r", "\u2028To: x@example.org", "\x0b\x0c\x85X: 1"]


@pytest.mark.parametrize("evil", BREAKS)
def test_nothing_in_an_event_becomes_a_header(evil: str, environment: dict[str, str]) -> None:
    letter = event_letter(
        id=f"e{evil}", bank={"id": "b", "name": f"样例银行{evil}"}, firm=None, firm_description=f"某公司{evil}"
    )
    plain = event_letter()
    for message, clean in (
        (compose(letter, settings()), compose(plain, settings())),
        (gather((letter, letter), settings()), gather((plain, plain), settings())),
    ):
        read = message_from_bytes(message.as_bytes(), policy=policy.default)
        assert read.keys() == clean.keys()
        assert read["to"] == TO
        assert "\n" not in read["subject"]


@pytest.mark.parametrize("evil", ["<script>alert(1)</script>", '"><img src=x onerror=1>', "<a href=//x>"])
def test_nothing_in_an_event_becomes_markup(evil: str, environment: dict[str, str]) -> None:
    letter = event_letter(
        bank={"id": "b", "name": evil}, evidence=[{"quote": evil, "title": evil, "url": "https://news.example.com/"}]
    )
    for message in (compose(letter, settings()), gather((letter, letter), settings())):
        assert evil not in text_of(message, "html")
        assert evil in text_of(message)

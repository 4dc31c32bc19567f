"""Nobody is sent alerts by e-mail who did not agree: an address is confirmed by whoever reads it."""

import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts import confirm, ticket
from alerts.deliver import deliver
from core.clock import now
from core.models import Channel, Delivery, Mailbox
from core.secrets import unseal
from core.settings import settings
from tests.api.conftest import Subscribe
from tests.fakes.mail import MailCatcher

TO = "desk@example.com"


def made(client: httpx.Client, name: str = "desk", to: str = TO) -> httpx.Response:
    return client.post("/v1/channels", json={"kind": "email", "name": name, "config": {"to": to}})


def send_all(session: Session) -> None:
    session.expire_all()
    for delivery in session.scalars(select(Delivery).where(Delivery.state == "open")):
        deliver(delivery.id)


def link(message: EmailMessage) -> str:
    """The path behind the button."""
    part = message.get_body(("plain",))
    assert part is not None
    [found] = re.findall(r"/v1/confirm/\S+", part.get_content())
    return str(found)


def test_a_new_address_is_asked_and_sent_nothing_else_until_it_agrees(
    alice: httpx.Client, stranger: httpx.Client, session: Session, catcher: MailCatcher
) -> None:
    channel = made(alice).json()
    assert channel["confirmed_at"] is None
    refused = alice.post(f"/v1/channels/{channel['id']}/test")
    assert refused.status_code == 422 and "was not confirmed" in refused.json()["detail"]
    send_all(session)
    [question] = catcher.messages
    assert question["to"] == TO and "确认" in question["subject"]
    looked = stranger.get(link(question))  # a mail scanner follows links
    assert '<form method="post">' in looked.text
    assert alice.get(f"/v1/channels/{channel['id']}").json()["confirmed_at"] is None
    for _ in range(2):
        agreed = stranger.post(link(question))
        assert agreed.status_code == 200 and "已确认" in agreed.text
    assert alice.get(f"/v1/channels/{channel['id']}").json()["confirmed_at"] is not None
    assert alice.post(f"/v1/channels/{channel['id']}/test").status_code == 202
    send_all(session)
    assert len(catcher.messages) == 2


def test_what_waits_for_an_address_that_never_agreed_is_given_up_with_the_reason(
    alice: httpx.Client, session: Session, catcher: MailCatcher
) -> None:
    channel = made(alice).json()
    [question] = session.scalars(select(Delivery))
    alert = Delivery(subscriber_id=question.subscriber_id, channel_id=channel["id"], type="test", body="{}")
    session.add(alert)
    session.commit()
    deliver(alert.id)
    session.refresh(alert)
    assert (alert.state, alert.reason) == ("failed", "the channel's address was not confirmed")
    assert catcher.messages == []


def test_a_question_is_work_in_rows_and_is_asked_again_after_a_failure(
    alice: httpx.Client, session: Session, catcher: MailCatcher
) -> None:
    catcher.refuse = "451 try later"
    channel = made(alice).json()
    send_all(session)
    [row] = alice.get("/v1/deliveries").json()["items"]
    assert (row["type"], row["state"], row["channel"]) == ("confirmation", "open", channel["id"])
    assert "confirm/" not in alice.get(f"/v1/deliveries/{row['id']}").text  # its owner may not agree in another's name


def test_the_text_of_a_question_holds_nothing_that_the_asking_subscriber_wrote(
    alice: httpx.Client, session: Session, catcher: MailCatcher
) -> None:
    made(alice, name="买它 https://spam.example")
    send_all(session)
    assert "spam.example" not in catcher.messages[0].as_string()
    assert all("买它" not in part.get_content() for part in catcher.messages[0].iter_parts())


def test_a_link_is_good_for_its_address_and_for_a_week(
    alice: httpx.Client, stranger: httpx.Client, session: Session
) -> None:
    channel = session.get_one(Channel, made(alice).json()["id"])
    own = (str(channel.id), unseal(channel.secret or b""), TO)
    late = ticket.issue(*own, now() - timedelta(seconds=1))
    assert stranger.get(f"/v1/confirm/{late}").status_code == 410
    assert stranger.post(f"/v1/confirm/{late}").status_code == 410
    good = ticket.issue(*own, now() + timedelta(days=1))
    changes: list[dict[str, Any]] = [{"until": good.until + 1}, {"signature": "x"}, {"channel_id": "x"}]
    forged = [*(good._replace(**change) for change in changes), late.until]
    assert {stranger.post(f"/v1/confirm/{one}").status_code for one in forged} == {404}
    alice.patch(f"/v1/channels/{channel.id}", json={"config": {"to": "other@example.com"}})
    assert stranger.post(f"/v1/confirm/{good}").status_code == 404
    session.refresh(channel)
    assert channel.confirmed_at is None


def test_another_address_must_agree_anew_and_another_spelling_need_not(alice: httpx.Client, session: Session) -> None:
    channel = session.get_one(Channel, made(alice).json()["id"])
    channel.confirmed_at = now()
    session.commit()
    path = f"/v1/channels/{channel.id}"
    assert alice.patch(path, json={"config": {"to": "Desk@Example.com"}}).json()["confirmed_at"] is not None
    assert alice.patch(path, json={"config": {"to": "other@example.com"}}).json()["confirmed_at"] is None
    assert len(alice.get("/v1/deliveries").json()["items"]) == 2


def test_an_address_is_asked_three_times_a_day_whoever_asks_and_however(
    alice: httpx.Client, subscribe: Subscribe, session: Session
) -> None:
    first = made(alice).json()["id"]
    assert alice.post(f"/v1/channels/{first}/confirm").status_code == 202
    alice.delete(f"/v1/channels/{first}")
    bob = subscribe("bob")
    second = made(bob, to="DESK@example.com").json()["id"]
    refused = [bob.post(f"/v1/channels/{second}/confirm"), made(alice)]
    assert {answer.status_code for answer in refused} == {429}
    assert 0 < int(refused[0].headers["retry-after"]) <= 86400
    assert alice.get("/v1/channels").json()["items"] == []
    box = session.get_one(Mailbox, TO)
    box.asked = [moment - timedelta(days=1) for moment in box.asked]
    session.commit()
    assert bob.post(f"/v1/channels/{second}/confirm").status_code == 202


def test_a_subscriber_asks_a_bounded_number_of_addresses_a_day(
    alice: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirm, "PER_SUBSCRIBER", 2)
    answers = [made(alice, name=str(number), to=f"reader{number}@example.com") for number in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]


def test_whoever_unsubscribed_is_written_to_again_only_after_agreeing_anew(
    alice: httpx.Client, stranger: httpx.Client, session: Session
) -> None:
    channel = session.get_one(Channel, made(alice).json()["id"])
    channel.confirmed_at = now()
    session.commit()
    stranger.post(f"/v1/unsubscribe/{channel.id}.{unseal(channel.secret or b'')}")
    told = alice.patch(f"/v1/channels/{channel.id}", json={"enabled": True}).json()
    assert (told["enabled"], told["confirmed_at"]) == (True, None)


def test_an_operator_of_a_closed_network_may_do_without(
    alice: httpx.Client, monkeypatch: pytest.MonkeyPatch, session: Session
) -> None:
    waiting = made(alice).json()["id"]
    monkeypatch.setenv("YINQI_MAIL_OPT_IN", "false")
    settings.cache_clear()
    assert made(alice, name="second").json()["confirmed_at"] is not None
    assert alice.patch(f"/v1/channels/{waiting}", json={"enabled": True}).json()["confirmed_at"] is not None
    assert len(list(session.scalars(select(Delivery)))) == 1


def test_channels_of_other_kinds_need_no_confirmation(alice: httpx.Client) -> None:
    hook = {"kind": "webhook", "name": "hook", "config": {"url": "http://127.0.0.1:9/hook"}}
    channel = alice.post("/v1/channels", json=hook).json()
    assert channel["confirmed_at"] is not None
    assert "needs no confirmation" in alice.post(f"/v1/channels/{channel['id']}/confirm").json()["detail"]

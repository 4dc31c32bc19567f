"""A recipient of e-mail ends it without a key, by the ticket in the message alone."""

from uuid import uuid4

import httpx
import pytest
from sqlalchemy.orm import Session

from api.frame import shown
from core.clock import now
from core.models import Channel
from core.secrets import unseal


@pytest.fixture
def channel(alice: httpx.Client, session: Session) -> Channel:
    made = alice.post("/v1/channels", json={"kind": "email", "name": "desk", "config": {"to": "desk@example.com"}})
    assert made.json()["secret"] is None
    found = session.get_one(Channel, made.json()["id"])
    found.confirmed_at = now()
    session.commit()
    return found


def ticket(channel: Channel) -> str:
    return f"/v1/unsubscribe/{channel.id}.{unseal(channel.secret or b'')}"


def test_one_click_ends_the_messages_and_looking_does_not(
    stranger: httpx.Client, alice: httpx.Client, channel: Channel
) -> None:
    asked = stranger.get(ticket(channel))
    assert asked.status_code == 200
    assert "desk@example.com" in asked.text and '<form method="post">' in asked.text
    assert alice.get(f"/v1/channels/{channel.id}").json()["enabled"] is True
    # as mail programs post it (RFC 8058, 3.2)
    ended = stranger.post(ticket(channel), data={"List-Unsubscribe": "One-Click"})
    assert ended.status_code == 200
    assert "已退订" in ended.text
    told = alice.get(f"/v1/channels/{channel.id}").json()
    assert (told["enabled"], told["disabled_reason"]) == (False, "unsubscribed by its recipient")


def test_another_address_has_another_ticket(
    alice: httpx.Client, channel: Channel, stranger: httpx.Client, session: Session
) -> None:
    before = ticket(channel)
    alice.patch(f"/v1/channels/{channel.id}", json={"config": {"to": "other@example.com"}})
    session.refresh(channel)
    assert ticket(channel) != before
    assert stranger.post(before).status_code == 404


def test_a_wrong_ticket_tells_nothing(stranger: httpx.Client, alice: httpx.Client, channel: Channel) -> None:
    hook = alice.post(
        "/v1/channels", json={"kind": "webhook", "name": "ours", "config": {"url": "http://127.0.0.1:9/hook"}}
    ).json()
    wrong = [
        f"{channel.id}.x",
        f"{channel.id}.",
        f"{uuid4()}.x",
        "x",
        f"{hook['id']}.{hook['secret'].partition('/')[0]}",
        f"{channel.id}.é",
    ]
    answers = [stranger.post(f"/v1/unsubscribe/{one}") for one in wrong]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.json()["detail"] for answer in answers}) == 1


def test_no_log_line_holds_a_ticket(
    stranger: httpx.Client, channel: Channel, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = f"{channel.id}.wrong-token"
    assert stranger.post(f"/v1/unsubscribe/{wrong}").status_code == 404
    assert shown(f"/v1/unsubscribe/{wrong}") == "/v1/unsubscribe/…"
    assert shown(f"/v1/channels/{channel.id}") == f"/v1/channels/{channel.id}"
    assert "api.request" in (told := capsys.readouterr().out)
    assert "wrong-token" not in told

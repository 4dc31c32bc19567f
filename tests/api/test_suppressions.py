"""The operator's mail system reports what came back, and the operator sees and lifts what follows."""

import httpx
import pytest
from sqlalchemy.orm import Session

from core.clock import now
from core.models import Channel, Mailbox
from core.secrets import unseal
from tests.api.conftest import Subscribe

TO = "desk@example.com"
REPORT = {"address": TO, "kind": "bounce", "permanent": True, "reason": "550 5.1.1 unknown"}


def made(client: httpx.Client, to: str = TO, name: str = "desk") -> httpx.Response:
    return client.post("/v1/channels", json={"kind": "email", "name": name, "config": {"to": to}})


def told(client: httpx.Client, *reports: dict[str, object]) -> list[str]:
    answer = client.post("/v1/mail/bounces", json={"bounces": list(reports)})
    assert answer.status_code == 200, answer.text
    return [one["result"] for one in answer.json()["results"]]


def test_a_reported_bounce_disables_the_channel_and_refuses_new_ones_with_the_reason(alice: httpx.Client) -> None:
    channel = made(alice).json()["id"]
    soft = {**REPORT, "address": "full@example.com", "permanent": False}
    assert told(alice, soft, {**REPORT, "address": "DESK@example.com"}) == ["counted", "suppressed"]
    shown = alice.get(f"/v1/channels/{channel}").json()
    assert shown["enabled"] is False and "550 5.1.1 unknown" in shown["disabled_reason"]
    for refused in (
        made(alice, name="again"),
        alice.patch(f"/v1/channels/{channel}", json={"enabled": True}),
        alice.post(f"/v1/channels/{channel}/confirm"),
    ):
        assert refused.status_code == 422
        assert "suppressed since" in refused.json()["detail"] and "550 5.1.1" in refused.json()["detail"]
    assert alice.patch(f"/v1/channels/{channel}", json={"config": {"to": "other@example.com"}}).status_code == 200


def test_the_operator_lists_and_lifts_suppressions(alice: httpx.Client) -> None:
    channel = made(alice).json()["id"]
    told(alice, *({**REPORT, "address": f"{name}@example.com"} for name in ("a", "desk", "z")))
    first = alice.get("/v1/mail/suppressions", params={"limit": 2}).json()
    second = alice.get("/v1/mail/suppressions", params={"limit": 2, "cursor": first["next"]}).json()
    listed = [one["address"] for one in first["items"] + second["items"]]
    assert sorted(listed) == ["a@example.com", "desk@example.com", "z@example.com"]
    assert first["items"][0]["cause"] == "bounce"
    assert alice.post("/v1/mail/suppressions/lift", json={"address": "Desk@Example.com"}).status_code == 204
    assert alice.post("/v1/mail/suppressions/lift", json={"address": TO}).status_code == 404
    assert alice.patch(f"/v1/channels/{channel}", json={"enabled": True}).json()["enabled"] is True


def test_only_operators_report_bounces_and_see_addresses(subscribe: Subscribe) -> None:
    bob = subscribe("bob", scopes=("read", "write"))
    answers = [
        bob.post("/v1/mail/bounces", json={"bounces": [REPORT]}),
        bob.get("/v1/mail/suppressions"),
        bob.post("/v1/mail/suppressions/lift", json={"address": TO}),
    ]
    assert [answer.status_code for answer in answers] == [403] * 3


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"address": "nobody"}, "body.bounces.0.address"),
        ({"kind": "sulk"}, "body.bounces.0.kind"),
        ({"reason": "x\0"}, "body.bounces.0.reason"),
    ],
)
def test_a_wrong_report_is_refused_by_its_field(alice: httpx.Client, wrong: dict[str, str], field: str) -> None:
    answer = alice.post("/v1/mail/bounces", json={"bounces": [{**REPORT, **wrong}]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_whoever_refuses_the_question_is_never_asked_again(
    alice: httpx.Client, stranger: httpx.Client, session: Session
) -> None:
    channel = session.get_one(Channel, made(alice).json()["id"])
    ticket = f"/v1/unsubscribe/{channel.id}.{unseal(channel.secret or b'')}"
    for _ in range(2):
        assert stranger.post(ticket).status_code == 200
    assert made(alice, name="again").status_code == 422
    assert session.get_one(Mailbox, TO, populate_existing=True).cause == "refusal"


def test_one_click_that_comes_twice_is_no_refusal_for_ever(
    alice: httpx.Client, stranger: httpx.Client, session: Session
) -> None:
    channel = session.get_one(Channel, made(alice).json()["id"])
    channel.confirmed_at = now()
    session.commit()
    for _ in range(2):
        stranger.post(f"/v1/unsubscribe/{channel.id}.{unseal(channel.secret or b'')}")
    assert session.get_one(Mailbox, TO, populate_existing=True).suppressed_at is None

"""Channels: the secret is shown once, and no address that leads inside is taken."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, update
from sqlalchemy.orm import Session

from alerts.deliver import deliver, unsealed
from core.clock import now
from core.models import Channel
from core.secrets import unseal
from core.settings import settings
from tests.fakes.receiver import Receiver

CONFIG = "api.resources.channels.config"
HOOK = {"kind": "webhook", "name": "ours", "config": {"url": "http://127.0.0.1:9/hook"}}  # the tests' own network


def _made(alice: httpx.Client, **changed: Any) -> dict[str, Any]:
    answer = alice.post("/v1/channels", json={**HOOK, **changed})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_the_secret_is_shown_once_and_kept_encrypted(alice: httpx.Client, session: Session) -> None:
    made = _made(alice)
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    assert alice.get(f"/v1/channels/{made['id']}").json() == made
    assert alice.get("/v1/channels").json()["items"] == [made]
    kept = session.get_one(Channel, made["id"]).secret
    assert kept is not None
    assert secret.encode() not in kept
    assert unseal(kept) == secret


def test_a_kind_without_a_secret_says_so(alice: httpx.Client) -> None:
    assert _made(alice, kind="email", config={"to": "desk@example.com"})["secret"] is None


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"kind": "pigeon"}, "body.kind", "webhook"),
        ({"config": {}}, "body.config.url", "required"),
        ({"config": {"url": "http://127.0.0.1/", "x": 1}}, "body.config.x", "unknown field"),
        ({"config": {"url": "ftp://example.com"}}, "body.config.url", "http"),
        ({"config": {"url": "http://user:pw@example.com/"}}, "body.config.url", "user name"),
        ({"config": {"url": "http://x\0y/"}}, "body.config.url", "control"),
        ({"config": {"url": "http://169.254.169.254/meta"}}, "body.config.url", "link-local"),
        ({"config": {"url": "http://[64:ff9b::a9fe:a9fe]/"}}, "body.config.url", "link-local"),
        ({"config": {"url": "http://10.1.2.3/"}}, "body.config.url", "private"),
        ({"kind": "email", "config": {"to": "nobody"}}, "body.config.to", "no e-mail address"),
    ],
)
def test_a_config_that_cannot_work_is_refused_with_its_field_and_reason(
    alice: httpx.Client, changed: dict[str, Any], field: str, reason: str
) -> None:
    answer = alice.post("/v1/channels", json={**HOOK, **changed})
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["field"] == field
    assert reason in error["reason"]


def test_a_name_one_of_whose_addresses_leads_inside_is_refused(
    alice: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{CONFIG}.system_resolve", lambda host, port: ["93.184.215.14", "172.16.0.9"])
    answer = alice.post("/v1/channels", json={**HOOK, "config": {"url": "https://hooks.example.com/"}})
    assert answer.status_code == 422
    assert "private" in answer.json()["errors"][0]["reason"]


def test_a_name_that_is_not_known_here_is_left_to_the_delivery_to_judge(
    alice: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In compose the API stands where names outside are not known."""

    def unknown(host: str, port: int) -> list[str]:
        raise OSError("name or service not known")

    monkeypatch.setattr(f"{CONFIG}.system_resolve", unknown)
    assert _made(alice, config={"url": "https://hooks.example.com/"})["enabled"] is True


def test_ones_own_network_is_refused_unless_a_setting_allows_it(
    alice: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YINQI_ALLOWED_NETWORKS", "")
    settings.cache_clear()
    answer = alice.post("/v1/channels", json=HOOK)
    assert answer.status_code == 422
    assert "loopback" in answer.json()["detail"]


def test_a_channel_that_alerts_switched_off_can_be_switched_on_again(alice: httpx.Client, session: Session) -> None:
    made = _made(alice)
    row = session.get_one(Channel, made["id"])
    row.enabled, row.disabled_reason = False, "answered 410: the endpoint is gone"
    session.commit()
    shown = alice.get(f"/v1/channels/{made['id']}").json()
    assert (shown["enabled"], shown["disabled_reason"]) == (False, "answered 410: the endpoint is gone")
    on = alice.patch(f"/v1/channels/{made['id']}", json={"enabled": True}).json()
    assert (on["enabled"], on["disabled_reason"]) == (True, None)


def test_a_patched_config_is_judged_like_a_new_one(alice: httpx.Client) -> None:
    made = _made(alice)
    path = f"/v1/channels/{made['id']}"
    assert alice.patch(path, json={"config": {"url": "http://192.168.0.1/"}}).status_code == 422
    assert alice.patch(path, json={"config": {"url": "http://127.0.0.1:10/new"}}).json()["config"] == {
        "url": "http://127.0.0.1:10/new"
    }
    assert alice.patch(path, json={"kind": "email"}).status_code == 422


def test_a_second_channel_of_one_name_is_refused(alice: httpx.Client) -> None:
    _made(alice)
    answer = alice.post("/v1/channels", json=HOOK)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.name")


def test_a_deleted_channel_leaves_the_watchlists_that_sent_to_it(alice: httpx.Client) -> None:
    made = _made(alice)
    watch = alice.post("/v1/watchlists", json={"name": "x", "firms": ["甲乙丙"], "channels": [made["id"]]}).json()
    assert watch["channels"] == [made["id"]]
    assert alice.delete(f"/v1/channels/{made['id']}").status_code == 204
    assert alice.get(f"/v1/watchlists/{watch['id']}").json()["channels"] == []


def test_the_kinds_are_told_with_what_their_config_holds(alice: httpx.Client) -> None:
    kinds = {kind["name"]: kind["config"] for kind in alice.get("/v1/channels/kinds").json()["items"]}
    assert kinds["webhook"]["required"] == ["url"]
    assert kinds["email"]["required"] == ["to"]


BOT = "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef0123456789abcdef"


def test_a_bots_address_and_secret_are_never_shown_again(
    alice: httpx.Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{CONFIG}.system_resolve", lambda host, port: ["93.184.215.14"])
    made = _made(alice, kind="dingtalk", config={"url": BOT, "secret": "SECabc"})
    assert made["secret"] is None
    assert made["config"] == {"url": "https://oapi.dingtalk.com/robot/send?access_token=…cdef", "signed": True}
    told = alice.patch(f"/v1/channels/{made['id']}", json={"config": {"url": BOT[:-4] + "9999"}})
    assert told.json()["config"] == {"url": "https://oapi.dingtalk.com/robot/send?access_token=…9999", "signed": False}
    kept = session.get_one(Channel, made["id"])
    assert kept.secret is not None
    assert unseal(kept.secret) == f'{{"url": "{BOT[:-4]}9999", "secret": null}}'


def test_a_rotated_secret_signs_beside_the_old_one_for_a_day(alice: httpx.Client, session: Session) -> None:
    made = _made(alice)
    told = alice.post(f"/v1/channels/{made['id']}/rotate").json()
    assert told["secret"].startswith("whsec_") and told["secret"] != made["secret"]
    channel = session.get_one(Channel, made["id"])
    assert unsealed(channel) == (told["secret"], made["secret"])
    assert channel.old_secret_until is not None
    day = channel.old_secret_until - now()
    assert timedelta(hours=23, minutes=59) < day <= timedelta(hours=24)
    channel.old_secret_until = now() - timedelta(seconds=1)
    assert unsealed(channel) == (told["secret"], None)


def test_during_a_rotation_a_receiver_with_either_secret_takes_the_alerts(
    alice: httpx.Client, session: Session
) -> None:
    with Receiver() as receiver:
        made = _made(alice, config={"url": receiver.url})
        receiver.secrets = [made["secret"]]
        _fire(alice, made["id"])
        receiver.secrets.append(alice.post(f"/v1/channels/{made['id']}/rotate").json()["secret"])
        _fire(alice, made["id"])
        session.execute(update(Channel).values(old_secret_until=func.now() - timedelta(seconds=1)))
        session.commit()
        receiver.secrets = receiver.secrets[1:]
        _fire(alice, made["id"])
    assert [len(got.headers["webhook-signature"].split()) for got in receiver.received] == [1, 2, 1]


def _fire(client: httpx.Client, channel: str) -> None:
    assert deliver(UUID(client.post(f"/v1/channels/{channel}/test").json()["delivery"]))


def test_a_kind_without_a_secret_of_its_own_rotates_none(alice: httpx.Client) -> None:
    made = _made(alice, kind="email", config={"to": "desk@example.com"})
    answer = alice.post(f"/v1/channels/{made['id']}/rotate")
    assert answer.status_code == 422
    assert "no secret" in answer.text

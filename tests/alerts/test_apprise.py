"""Apprise sends to every other service, and nowhere inside."""

import json
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest
import requests

from alerts import channels
from alerts.channels import Letter, Outcome
from alerts.channels.apprise import AppriseConfig, _rules
from alerts.loop import run
from cli.demo.loopback import Loopback
from core.settings import settings
from tests.alerts import apprise_plugins
from tests.alerts.test_mail import event_letter


class Service(Loopback):
    """Takes what is posted, and answers the statuses in turn."""

    def __init__(self, *statuses: int) -> None:
        super().__init__(_Handler)
        self.statuses, self.bodies = list(statuses), list[bytes]()

    def at(self, scheme: str) -> str:
        return self.address.replace("http://", f"{scheme}://")


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers.get("content-length", 0))))
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        self.send_response(status)
        if status == 302:
            self.send_header("location", f"{self.server.address}/elsewhere")
        self.send_header("content-length", "0")
        self.end_headers()

    do_GET = do_POST  # noqa: N815 - the library's name

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def send(address: str, letter: Letter | None = None, *more: Letter) -> Outcome:
    told = letter or event_letter()
    return run(channels.find("apprise").send(Letter(**{**vars(told), "secret": address}), *more))


@pytest.fixture
def inside(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in production: this machine is not to be reached."""
    monkeypatch.setenv("YINQI_ALLOWED_NETWORKS", "")
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_an_alert_reaches_a_service_as_title_and_text(environment: dict[str, str]) -> None:
    with Service() as receiver:
        outcome = send(receiver.at("json"))
    assert (outcome.kind, outcome.status_code) == ("delivered", 200)
    [got] = receiver.bodies
    told = json.loads(got)
    assert told["title"] == "【银企】样例银行 → 青禾智造科技有限公司：800万元流动资金贷款"
    assert "金额：800万元" in told["message"] and "“样例银行3月向青禾智造" in told["message"]


def test_several_come_as_one_with_a_line_and_a_link_each(environment: dict[str, str]) -> None:
    with Service() as receiver:
        send(receiver.at("json"), event_letter(), event_letter())
    [got] = receiver.bodies
    told = json.loads(got)
    assert told["title"] == "【银企】2条提醒" and told["message"].count(f"{settings().public_url}/events/") == 2


def test_a_digest_comes_with_a_line_and_a_link_for_each_of_its_alerts(environment: dict[str, str]) -> None:
    alert = json.loads(event_letter().body)
    data = {
        **{"since": "2026-03-12T00:30:00.000Z", "until": "2026-03-13T00:30:00.000Z", "zone": "Asia/Shanghai"},
        **{"counts": {"events": 5, "sources": 0, "mentions": 0}, "items": [alert, alert], "left_out": 3},
        "watchlists": ["名单"],
    }
    body = json.dumps({"type": "digest", "timestamp": "2026-03-13T00:30:00.000Z", "data": data})
    with Service() as receiver:
        send(receiver.at("json"), replace(event_letter(), body=body))
    told = json.loads(receiver.bodies[0])
    assert "摘要" in told["title"]
    assert told["message"].count(f"{settings().public_url}/events/") == 2
    assert told["message"].endswith("另有3条")


def test_what_a_service_refuses_is_tried_again_and_its_answer_is_kept(environment: dict[str, str]) -> None:
    with Service(500, 429, 302) as receiver:
        outcomes = [send(receiver.at("json")) for _ in range(3)]
    assert [(one.kind, one.status_code, one.retry_after) for one in outcomes[:2]] == [
        ("later", 500, None),
        ("later", 429, 60.0),
    ]
    assert outcomes[2].kind == "later"
    assert len(receiver.bodies) == 3  # the redirect was not followed


@pytest.mark.parametrize("scheme", ["json", "form", "xml", "ntfy", "gotify", "apprise"])
def test_no_request_of_a_service_reaches_a_private_address(scheme: str, inside: None) -> None:
    if scheme not in _rules()["services"]:
        pytest.skip(f"{scheme} is not offered")
    with Service() as receiver:
        host = receiver.address.removeprefix("http://")
        port = host.partition(":")[2]
        for name in (host, f"localhost:{port}", f"[::ffff:127.0.0.1]:{port}", f"0.0.0.0:{port}"):
            outcome = send(f"{scheme}://{name}/AbCdEfGhIjKlMnO")
            assert outcome.kind in ("refused", "later"), outcome
        with pytest.raises(requests.exceptions.ConnectionError):
            requests.get(receiver.address, timeout=1)  # outside an alert there is no way at all
    assert receiver.bodies == []


@pytest.mark.parametrize(
    "address",
    [
        "dbus://", "syslog://", "macosx://", "windows://", "gnome://", "mailto://a:b@example.com", "file:///etc/passwd",
        "http://127.0.0.1/", "mqtt://127.0.0.1/topic", "rsyslog://127.0.0.1", "smpp://u:p@127.0.0.1/1/2", "nonsense",
        "tgram://123456789:abcdefg_hijklmnop/12315544/?template=/etc/passwd",
        "discord://123456789012345678/abcdefghijklmnopqrstuvwxyz_0123456789/?Template=/etc/passwd",
        "tgram://x", "json://",
    ],
)  # fmt: skip
def test_an_address_that_is_no_service_or_reaches_this_machine_is_refused(address: str) -> None:
    with pytest.raises(ValueError) as told:
        AppriseConfig(address=address)
    assert "/etc/passwd" not in str(told.value.errors()[0]["msg"])  # type: ignore[attr-defined]


@pytest.mark.parametrize(("service", "kind"), [("dingtalk", "dingtalk"), ("feishu", "feishu"), ("wecombot", "wecom")])
def test_the_chinese_bots_are_pointed_to_their_own_kinds(service: str, kind: str) -> None:
    with pytest.raises(ValueError, match=f"a kind of its own here.*{kind}"):
        AppriseConfig(address=f"{service}://token")


def test_every_service_that_is_offered_speaks_by_requests_alone() -> None:
    found = apprise_plugins.services()
    assert _rules()["services"].items() <= found.items()
    assert not {"syslog", "dbus", "mqtt", "mailto", "rsyslog", "vapid", "workflow"} & set(_rules()["services"])
    assert {"tgram", "slack", "discord", "ntfy", "json"} <= set(_rules()["services"])


def test_the_address_is_sealed_and_only_the_service_is_shown() -> None:
    kind = channels.find("apprise")
    config = {"address": "tgram://123456789:abcdefg_hijklmnop/12315544/"}
    assert kind.private(config) == config["address"]
    assert kind.public(config) == {"service": "tgram"}

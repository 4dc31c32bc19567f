"""The demo's judgement: an alert that is missing, wrong, doubled or forged does not pass."""

import copy
import json
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from cli.demo import expected
from cli.demo.feed import Feed
from cli.demo.mailbox import Mail
from cli.demo.receiver import Receiver
from seeds.samples import samples

SAMPLES = samples(date(2026, 3, 2))
WANTS = expected.wanted(SAMPLES)


def _event(number: int, want: expected.Wanted) -> dict[str, Any]:
    """The event that a faultless chain would tell."""
    event = want.event
    told = event.amount_min is not None or event.amount_max is not None
    amount = {"min": event.amount_min, "max": event.amount_max, "currency": event.currency, "qualifier": "exact"}
    firm = {"id": "f", "name": event.firm, "aliases": list(event.firm_aliases)} if event.firm else None
    return {
        "id": f"event-{number:02}",
        "version": 1,
        "bank": {"id": "b", "name": event.bank},
        "firm": firm,
        "firm_description": event.firm_description,
        "instrument": event.instrument,
        "amount": amount if told else None,
        "evidence": [{"quote": f"原文 {number} <&>"}],
    }


def _mail(event: dict[str, Any], name: str = "") -> Mail:
    firm = event["firm"]["name"] if event["firm"] else event["firm_description"]
    text = f"{event['bank']['name']}\n{firm}\n{event['evidence'][0]['quote']}\nhttp://x/events/{event['id']}"
    html = text.replace("&", "&amp;").replace("<", "&lt;")
    return Mail(name or f"<{event['id']}@x>", "subject", text, html)


def _faultless() -> tuple[list[dict[str, Any]], list[Mail]]:
    events = [_event(number, want) for number, want in enumerate(WANTS)]
    return [{"type": "event.created", "data": {"event": event}} for event in events], [_mail(e) for e in events]


def test_what_arrived_as_expected_is_faultless() -> None:
    alerts, mails = _faultless()
    assert len(alerts) >= 15
    assert expected.faults(WANTS, alerts, mails) == []


def test_a_story_told_by_two_samples_is_wanted_once() -> None:
    told = [sample for sample in SAMPLES if sample.story]
    assert len(told) >= 2
    assert len([want for want in WANTS if want.sample in {sample.id for sample in told}]) == len(
        {s.story for s in told}
    )


def test_a_missing_alert_is_named() -> None:
    alerts, mails = _faultless()
    (fault,) = expected.faults(WANTS, alerts[1:], mails)
    assert fault == f"no webhook told {WANTS[0]}"


def test_a_missing_mail_is_named() -> None:
    alerts, mails = _faultless()
    (fault,) = expected.faults(WANTS, alerts, mails[1:])
    assert fault == f"no e-mail told {WANTS[0]}"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("bank", {"id": "b", "name": "别的银行"}),
        ("firm", {"id": "f", "name": "别的公司", "aliases": []}),
        ("instrument", "other"),
        ("amount", {"min": 1, "max": 1, "currency": "CNY", "qualifier": "exact"}),
        ("amount", None),
    ],
)
def test_an_alert_with_a_wrong_field_is_missing_and_too_much(field: str, value: object) -> None:
    alerts, mails = _faultless()
    alerts[0] = copy.deepcopy(alerts[0])
    alerts[0]["data"]["event"][field] = value
    faults = expected.faults(WANTS, alerts, mails)
    assert any("no webhook" in fault for fault in faults)
    assert any("no sample holds" in fault for fault in faults)


def test_an_alert_told_twice_under_two_ids_is_a_fault() -> None:
    alerts, mails = _faultless()
    (fault,) = expected.faults(WANTS, [*alerts, alerts[0]], mails)
    assert "told twice" in fault


def test_an_event_in_two_rows_is_a_fault() -> None:
    alerts, mails = _faultless()
    second = copy.deepcopy(alerts[0])
    second["data"]["event"]["id"] = "another"
    (fault,) = expected.faults(WANTS, [*alerts, second], mails)
    assert "no sample holds" in fault


def test_two_mails_about_one_version_are_a_fault() -> None:
    alerts, mails = _faultless()
    (fault,) = expected.faults(WANTS, alerts, [*mails, mails[0]._replace(id="<other@x>")])
    assert "2 e-mails" in fault


def test_a_mail_without_its_quote_is_a_fault() -> None:
    alerts, mails = _faultless()
    mails[0] = mails[0]._replace(html="")
    (fault,) = expected.faults(WANTS, alerts, mails)
    assert "lacks" in fault


def test_an_update_counts_as_the_event_it_ends_in() -> None:
    alerts, mails = _faultless()
    later = copy.deepcopy(alerts[0])
    later["data"]["event"]["version"] = 2
    alerts[0] = copy.deepcopy(alerts[0])
    alerts[0]["data"]["event"]["amount"] = None
    assert expected.faults(WANTS, [later, *alerts], [*mails, mails[0]._replace(id="<second@x>")]) == []


def _signed(secret: str, body: bytes, name: str = "msg_1") -> dict[str, str]:
    moment = datetime.now(UTC)
    signature = Webhook(secret).sign(name, moment, body.decode())
    return {"webhook-id": name, "webhook-timestamp": str(int(moment.timestamp())), "webhook-signature": signature}


def test_only_webhooks_whose_signature_verifies_are_taken() -> None:
    secret = "whsec_" + "QUFB" * 11
    body = json.dumps({"type": "event.created", "data": {}}).encode()
    with Receiver() as receiver, httpx.Client(trust_env=False) as client:
        receiver.secret = secret
        good = _signed(secret, body)
        assert client.post(receiver.url, content=body, headers=good).status_code == 204
        assert client.post(receiver.url, content=body, headers=good).status_code == 204
        assert client.post(receiver.url, content=body + b" ", headers=good).status_code == 401
        assert client.post(receiver.url, content=body, headers={**good, "webhook-signature": "junk"}).status_code == 401
        other = body.replace(b"created", b"updated")
        assert client.post(receiver.url, content=other, headers=_signed(secret, other)).status_code == 409
    assert list(receiver.alerts) == ["msg_1"]
    assert len(receiver.faults) == 3


def test_the_feed_answers_a_conditional_request_without_a_body() -> None:
    with Feed(SAMPLES) as feed, httpx.Client(trust_env=False) as client:
        first = client.get(feed.url)
        again = client.get(feed.url, headers={"if-none-match": first.headers["etag"]})
        page = client.get(f"{feed.address}/articles/{SAMPLES[0].id}")
    assert first.status_code == 200
    assert (again.status_code, again.content) == (304, b"")
    assert SAMPLES[0].title in page.text

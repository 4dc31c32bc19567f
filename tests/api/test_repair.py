"""Deliveries are sent once more, and channels paused and released."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from alerts import channels, wording
from alerts.channels import Letter
from alerts.channels.email import compose
from alerts.deliver import deliver
from alerts.trial import trial
from core import views
from core.models import Channel, Delivery
from core.settings import settings
from tests.alerts import samples
from tests.api.conftest import Subscribe
from tests.fakes.receiver import Receiver


def deliveries(session: Session, url: str, count: int, **columns: Any) -> list[Delivery]:
    """Of one channel of alice's, made a day apart, the newest now."""
    channel = samples.webhook(session, url, subscriber="alice")
    event, notice = samples.event(session)
    made = []
    for version in range(count):
        moment = func.now() - timedelta(days=count - 1 - version)
        given = {"version": version, "created_at": moment, **columns}
        made.append(samples.delivery(session, channel, event.id, notice.article_id, **given))
    return made


def states(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(Delivery.state).order_by(Delivery.version)))


def test_one_delivery_is_sent_once_more_with_the_same_id_and_a_fresh_count(
    alice: httpx.Client, session: Session
) -> None:
    with Receiver() as receiver:
        [row] = deliveries(session, receiver.url, 1)
        assert deliver(row.id)
        assert not deliver(row.id)
        told = alice.post(f"/v1/deliveries/{row.id}/resend")
        assert (told.status_code, told.json()["state"], told.json()["attempts"]) == (200, "open", 0)
        assert deliver(row.id)
    first, second = receiver.received
    assert (first.id, first.body) == (second.id, second.body)


def test_a_delivery_that_was_given_up_has_all_of_its_tries_again(alice: httpx.Client, session: Session) -> None:
    with Receiver(answers=[(500, {}), (200, {})]) as receiver:
        [row] = deliveries(session, receiver.url, 1, state="failed", attempts=10)
        alice.post(f"/v1/deliveries/{row.id}/resend")
        assert deliver(row.id)
        assert states(session) == ["open"]  # the first of ten, not the eleventh
        session.execute(update(Delivery).values(due_at=func.now()))
        session.commit()
        assert deliver(row.id)
    assert states(session) == ["done"]


def test_all_that_failed_since_a_moment_are_sent_once_more(alice: httpx.Client, session: Session) -> None:
    rows = deliveries(session, "https://hooks.example.com/", 5, state="failed")
    session.execute(update(Delivery).where(Delivery.version == 4).values(state="done"))
    session.commit()
    since = rows[2].created_at.isoformat()
    assert alice.post("/v1/deliveries/resend", json={"state": "failed", "since": since}).json() == {"count": 2}
    assert states(session) == ["failed", "failed", "open", "open", "done"]
    assert alice.post("/v1/deliveries/resend", json={"until": since}).json() == {"count": 2}
    assert states(session) == ["open"] * 4 + ["done"]
    assert alice.post("/v1/deliveries/resend", json={"channel": str(rows[0].channel_id)}).json() == {"count": 1}


def test_the_log_is_filtered_by_all_that_a_delivery_is_about(alice: httpx.Client, session: Session) -> None:
    rows = deliveries(session, "https://hooks.example.com/", 3, state="failed", reason="answered 500", attempts=10)
    newest, middle, oldest = reversed(rows)

    def found(**query: Any) -> list[str]:
        return [one["id"] for one in alice.get("/v1/deliveries", params=query).json()["items"]]

    assert found(since=middle.created_at.isoformat()) == [str(newest.id), str(middle.id)]
    assert found(until=middle.created_at.isoformat()) == [str(oldest.id)]
    other = alice.post(
        "/v1/channels", json={"kind": "webhook", "name": "d", "config": {"url": "http://127.0.0.1:9/"}}
    ).json()
    named = {"event": newest.event_id, "article": newest.article_id, "channel": newest.channel_id}
    for name, value in named.items():
        assert len(found(**{name: str(value)})) == 3
        assert found(**{name: other["id"]}) == []
    assert len(found(type="event.created", state="failed")) == 3
    assert found(type="mention.created") == []
    wrong = alice.get("/v1/deliveries", params={"type": "pigeon"})
    assert (wrong.status_code, "event.created" in wrong.json()["detail"]) == (422, True)


def test_a_dead_letter_says_what_to_do(alice: httpx.Client, session: Session) -> None:
    [row] = deliveries(session, "https://hooks.example.com/", 1)
    shown = f"/v1/deliveries/{row.id}"

    def advised(attempts: int, **channel: Any) -> str:
        session.execute(update(Delivery).values(state="failed", attempts=attempts))
        session.execute(update(Channel).values(**channel))
        session.commit()
        assert alice.get("/v1/deliveries").json()["items"][0]["advice"] == alice.get(shown).json()["advice"]
        return str(alice.get(shown).json()["advice"])

    assert alice.get(shown).json()["advice"] is None
    assert "mend what the reason names" in advised(1, enabled=True)
    assert "once the other side is well" in advised(10, enabled=True)
    assert "(answered 410)" in advised(1, enabled=False, disabled_reason="answered 410")
    assert alice.post(f"{shown}/resend").json()["advice"] is None


def test_each_channel_tells_how_many_wait_arrived_and_were_given_up(
    alice: httpx.Client, subscribe: Subscribe, session: Session
) -> None:
    rows = deliveries(session, "https://hooks.example.com/", 5)
    idle = samples.webhook(session, "https://idle.example.com/", subscriber="alice", name="idle")
    for row, state in zip(rows, ("failed", "done", "done", "open", "failed"), strict=True):
        row.state, row.delivered_at = state, row.created_at if state == "done" else None
    rows[0].created_at = func.now() - timedelta(days=31)
    session.commit()
    told = alice.get("/v1/deliveries/counts").json()["items"]
    assert [(one["name"], one["open"], one["done"], one["failed"]) for one in told] == [
        ("hook", 1, 2, 1),
        ("idle", 0, 0, 0),
    ]
    assert (told[1]["channel"], told[1]["waiting_since"], told[1]["delivered_at"]) == (str(idle.id), None, None)
    assert told[0]["waiting_since"] == views.moment(rows[3].created_at)
    assert told[0]["delivered_at"] == views.moment(rows[2].created_at)
    since = {"since": rows[2].created_at.isoformat(), "until": rows[4].created_at.isoformat()}
    assert [one["done"] for one in alice.get("/v1/deliveries/counts", params=since).json()["items"]] == [1, 0]
    assert subscribe("mallory").get("/v1/deliveries/counts").json()["items"] == []


def test_what_is_being_sent_just_now_is_left_alone(alice: httpx.Client, session: Session) -> None:
    held = func.now() + timedelta(seconds=60)
    [row] = deliveries(session, "https://hooks.example.com/", 1, attempts=1, lease_until=held)
    assert alice.post(f"/v1/deliveries/{row.id}/resend").json()["attempts"] == 1


def test_nobody_resends_what_is_anothers(alice: httpx.Client, subscribe: Subscribe, session: Session) -> None:
    [row] = deliveries(session, "https://hooks.example.com/", 1, state="failed")
    mallory = subscribe("mallory")
    assert mallory.post(f"/v1/deliveries/{row.id}/resend").status_code == 404
    assert mallory.post("/v1/deliveries/resend", json={}).json() == {"count": 0}
    assert states(session) == ["failed"]


def test_what_is_for_a_paused_channel_waits_and_comes_when_the_pause_ends(
    alice: httpx.Client, session: Session
) -> None:
    with Receiver() as receiver:
        rows = deliveries(session, receiver.url, 3)
        channel = f"/v1/channels/{rows[0].channel_id}"
        assert alice.patch(channel, json={"paused": True}).json()["paused"] is True
        assert [deliver(row.id) for row in rows] == [False] * 3
        assert receiver.received == []
        session.rollback()
        assert set(session.scalars(select(Delivery.attempts))) == {0}
        assert alice.patch(channel, json={"paused": False}).json()["paused"] is False
        assert [deliver(row.id) for row in rows] == [True] * 3
        assert len(receiver.received) == 3


def test_a_channel_that_is_switched_on_again_begins_without_its_failures(alice: httpx.Client, session: Session) -> None:
    [row] = deliveries(session, "https://hooks.example.com/", 1)
    session.execute(update(Channel).values(failures=9, failing_since=func.now(), probe_at=func.now(), enabled=False))
    session.commit()
    told = alice.patch(f"/v1/channels/{row.channel_id}", json={"enabled": True}).json()
    assert (told["enabled"], told["failures"], told["failing_since"], told["disabled_reason"]) == (True, 0, None, None)


def test_a_test_alert_goes_the_way_of_every_other(alice: httpx.Client, session: Session) -> None:
    with Receiver() as receiver:
        channel = samples.webhook(session, receiver.url, subscriber="alice")
        session.commit()
        told = alice.post(f"/v1/channels/{channel.id}/test")
        assert told.status_code == 202
        made = UUID(told.json()["delivery"])
        assert deliver(made)
        [got] = receiver.received
    assert got.verified(samples.SECRET)
    assert (got.id, got.json["type"], got.json["data"]["channel"]) == (str(made), "test", "hook")
    shown = alice.get(f"/v1/deliveries/{made}").json()
    assert (shown["state"], shown["event"], shown["article"]) == ("done", None, None)
    session.execute(update(Channel).values(enabled=False))
    session.commit()
    assert alice.post(f"/v1/channels/{channel.id}/test").status_code == 422


@pytest.mark.parametrize("kind", ["email", "dingtalk", "feishu", "wecom"])
def test_a_test_alert_has_words_for_every_kind(kind: str, environment: dict[str, str]) -> None:
    body = trial(Channel(name="夜班")).body
    assert "夜班" in wording.told(json.loads(body), public_url="https://yinqi.example")["subject"]
    letter = Letter(id="1", body=body, config={"to": "desk@example.com"}, secret="x")
    if kind == "email":
        assert "测试：夜班" in compose(letter, settings())["subject"]
    else:
        assert channels.find(kind).messages(letter) == 1

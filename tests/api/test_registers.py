"""Banks, firms and sources: found by any name, edited by the operator only."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.models import Channel, Delivery, Source, SourceError, Subscriber
from tests.api import rows
from tests.api.conftest import Subscribe

FEED = {"name": "示例", "url": "https://news.example.com/rss.xml"}


def _names(answer: httpx.Response) -> list[str]:
    return [item["name"] for item in answer.json()["items"]]


def test_a_bank_is_found_by_the_beginning_of_any_name(alice: httpx.Client, session: Session) -> None:
    bank = rows.bank(session, "工商银行", "工行", "ICBC")
    rows.bank(session, "100%银行", kind="city")
    assert _names(alice.get("/v1/banks", params={"q": "ｉｃ"})) == ["工商银行"]
    assert _names(alice.get("/v1/banks", params={"q": "行"})) == []
    assert _names(alice.get("/v1/banks", params={"q": "%"})) == []
    assert _names(alice.get("/v1/banks", params={"kind": "city"})) == ["100%银行"]
    assert alice.get(f"/v1/banks/{bank.id}").json()["aliases"] == ["ICBC", "工行"]


def test_firms_are_those_of_the_register_and_those_an_article_proved(alice: httpx.Client, session: Session) -> None:
    kept = rows.firm(session, "甲科技股份", "甲科", sector="robotics", tech=True)
    rows.firm(session, "甲纺织", origin="learnt", tech=False)
    watched = rows.firm(session, "甲秘密", origin="watched")
    merged = rows.firm(session, "甲科技", merged_into=kept.id)
    assert set(_names(alice.get("/v1/firms", params={"q": "甲"}))) == {"甲科技股份", "甲纺织"}
    assert _names(alice.get("/v1/firms", params={"tech": True, "sector": "robotics"})) == ["甲科技股份"]
    assert alice.get(f"/v1/firms/{watched.id}").status_code == 404
    assert alice.get(f"/v1/firms/{merged.id}").json()["merged_into"] == str(kept.id)


def test_the_operator_adds_changes_and_removes_a_source(alice: httpx.Client, subscribe: Subscribe) -> None:
    made = alice.post("/v1/sources", json=FEED)
    assert made.status_code == 201
    path = f"/v1/sources/{made.json()['id']}"
    assert alice.patch(path, json={"enabled": False, "interval": 60}).json()["interval"] == 60
    reader = subscribe("reader", scopes=("read", "write"))
    assert reader.get(path).json()["enabled"] is False
    assert reader.patch(path, json={"enabled": True}).status_code == 403
    assert reader.delete(path).status_code == 403
    assert alice.delete(path).status_code == 204
    assert alice.get(path).status_code == 404


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"url": "file:///etc/passwd"}, "body.url"),
        ({"url": "https://user:pw@example.com/"}, "body.url"),
        ({"kind": "telegram"}, "body.kind"),
        ({"zone": "Mars/Olympus"}, "body.zone"),
        ({"interval": 0}, "body.interval"),
        ({"longest_interval": 1}, "body.longest_interval"),
        ({"shortest_interval": 600, "longest_interval": 60}, "body.shortest_interval"),
        ({"selector": "ul > li >"}, "body.selector"),
        ({"selector": "a[href"}, "body.selector"),
        ({"selector": ""}, "body.selector"),
        ({"selector": "a::before"}, "body.selector"),
        ({"full_text": "perhaps"}, "body.full_text"),
        ({"health": "ok"}, "body.health"),
        ({"colour": "red"}, "body.colour"),
    ],
)
def test_a_source_that_makes_no_sense_is_refused(alice: httpx.Client, changed: dict[str, Any], field: str) -> None:
    answer = alice.post("/v1/sources", json={**FEED, **changed})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_refused_selector_is_named_with_its_reason(alice: httpx.Client) -> None:
    [error] = alice.post("/v1/sources", json={**FEED, "selector": "ul > li >"}).json()["errors"]
    assert "'ul > li >' is no CSS selector: Expected selector, got <EOF at 9>" in error["reason"]


def test_a_source_is_kept_with_how_it_is_to_be_read(alice: httpx.Client) -> None:
    asked = {"kind": "page", "selector": "ul.news li > a[href*='/2026/']", "full_text": True}
    asked |= {"shortest_interval": 60, "longest_interval": 3600}
    made = alice.post("/v1/sources", json={**FEED, **asked}).json()
    assert {name: made[name] for name in asked} == asked
    assert (made["health"], made["health_since"], made["health_reason"]) == ("ok", None, None)
    assert (made["rhythm"], made["items"]) == (None, None)
    path = f"/v1/sources/{made['id']}"
    assert alice.patch(path, json={"longest_interval": 30}).status_code == 422
    assert alice.patch(path, json={"selector": None, "kind": "rss"}).json()["kind"] == "rss"


def test_sources_are_found_by_how_they_are(alice: httpx.Client, session: Session) -> None:
    for state in ("ok", "dead", "silent"):
        told = {"health_since": rows.NOON, "health_reason": "why"} if state != "ok" else {}
        session.add(Source(name=state, url=f"https://{state}.example/", kind="rss", health=state, **told))
    session.commit()
    for asked, names in {"ok": ["ok"], "dead": ["dead"], "troubled": ["silent", "dead"], "changed": []}.items():
        assert _names(alice.get("/v1/sources", params={"health": asked})) == names
    [dead] = alice.get("/v1/sources", params={"health": "dead"}).json()["items"]
    assert dead["health_reason"] == "why" and dead["health_since"]
    refused = alice.get("/v1/sources", params={"health": "ill"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "query.health")


def test_a_source_that_is_read_in_another_way_is_polled_at_once_and_as_a_whole(
    alice: httpx.Client, session: Session
) -> None:
    """What it answered before says nothing of what the new selector finds on the same page."""
    later = datetime.now(UTC) + timedelta(hours=6)
    old = {"etag": '"1"', "last_modified": "then", "failures": 7, "due_at": later, "hollow_since": rows.NOON}
    source = Source(name="a", url="https://a.example/", kind="page", **old)
    session.add(source)
    session.commit()
    alice.patch(f"/v1/sources/{source.id}", json={"name": "b", "kind": "page"})
    session.refresh(source)
    assert (source.etag, source.due_at) == ('"1"', later)
    alice.patch(f"/v1/sources/{source.id}", json={"selector": "li a"})
    session.refresh(source)
    assert (source.etag, source.last_modified, source.failures, source.hollow_since) == (None, None, 0, None)
    assert source.due_at <= datetime.now(UTC)


def test_what_was_told_of_a_source_stands_among_the_deliveries(alice: httpx.Client, session: Session) -> None:
    source = Source(name="a", url="https://a.example/", kind="rss")
    owner = session.scalars(select(Subscriber).where(Subscriber.name == "alice")).one()
    channel = Channel(subscriber_id=owner.id, kind="email", name="x", config={"to": "a@example.com"})
    session.add_all([source, channel])
    session.flush()
    about = {"type": "source.troubled", "source_id": source.id, "body": "{}", "watchlists": ["来源"]}
    session.add(Delivery(subscriber_id=owner.id, channel_id=channel.id, **about))
    session.commit()
    [told] = alice.get("/v1/deliveries").json()["items"]
    assert (told["type"], told["source"]) == ("source.troubled", str(source.id))
    assert (told["article"], told["event"], told["version"]) == (None, None, None)


def test_two_sources_have_two_addresses(alice: httpx.Client) -> None:
    assert alice.post("/v1/sources", json=FEED).status_code == 201
    answer = alice.post("/v1/sources", json={**FEED, "name": "again"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.url")


def test_what_could_not_be_read_stands_with_its_source(alice: httpx.Client, session: Session) -> None:
    made = alice.post("/v1/sources", json=FEED).json()["id"]
    session.add(SourceError(source_id=made, input=FEED["url"], reason="not a feed: it is an HTML page"))
    session.add(SourceError(source_id=None, input="pushed", reason="the text is empty"))
    session.commit()
    [error] = alice.get(f"/v1/sources/{made}/errors").json()["items"]
    assert error["reason"] == "not a feed: it is an HTML page"
    [error] = alice.get("/v1/sources/errors").json()["items"]
    assert error["input"] == "pushed"
    alice.delete(f"/v1/sources/{made}")
    session.rollback()
    assert session.scalar(select(func.count()).select_from(SourceError)) == 1

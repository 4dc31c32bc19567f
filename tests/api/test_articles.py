"""Articles: what is shown of them, and what becomes of pushed text."""

from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import canary, work
from core.models import Article, Evidence, Mention
from tests.api import rows

NEW = {"title": "一则新闻", "text": "工商银行向示例机器人发放贷款三千万元。", "published": "2026-03-01T00:30:00+08:00"}


def _push(alice: httpx.Client, body: Any) -> dict[str, Any]:
    answer = alice.post("/v1/articles", json=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_a_pushed_article_is_stored_and_announced(alice: httpx.Client) -> None:
    told = _push(alice, NEW)
    assert (told["stored"], told["duplicate"], told["rejected"]) == (1, 0, 0)
    article = alice.get(f"/v1/articles/{told['items'][0]['id']}").json()
    assert article["text"] == NEW["text"]
    assert article["published"] == "2026-02-28T16:30:00.000Z"
    assert article["state"] == "open"
    assert work.queue_length("extractor") == 1


def test_the_same_article_again_is_a_duplicate_of_the_first(alice: httpx.Client, session: Session) -> None:
    rows.article(session, "另一篇没有网址的文章。")
    [first] = _push(alice, NEW)["items"]
    [again] = _push(alice, NEW)["items"]
    assert (again["status"], again["id"]) == ("duplicate", first["id"])


LONG = {
    "title": "一笔贷款的故事",
    "text": "日前，工商银行苏州分行向示例机器人股份有限公司发放科创贷3000万元，期限两年，企业用它添置了六台设备。",
    "url": "https://news.example.com/7",
    "source": "示例财经",
}


def test_a_reprint_is_a_duplicate_and_shown_as_a_further_source(alice: httpx.Client) -> None:
    [first] = _push(alice, LONG)["items"]
    again = {
        "title": "添置设备的钱",
        "text": f"{LONG['text']}\n（责任编辑：张三）",
        "url": "https://b.example/1",
        "source": "样例日报",
    }
    [told] = _push(alice, again)["items"]
    assert (told["status"], told["id"]) == ("duplicate", first["id"])
    assert told["reason"] == f"a reprint of {first['id']}"
    shown = alice.get(f"/v1/articles/{first['id']}").json()["reprints"]
    assert shown == [
        {"source_name": "样例日报", "url": "https://b.example/1", "title": "添置设备的钱", "published": None}
    ]


def test_a_correction_is_stored_and_the_earlier_version_is_shown(alice: httpx.Client) -> None:
    [first] = _push(alice, LONG)["items"]
    assert alice.get(f"/v1/articles/{first['id']}/revisions").json() == {"items": []}
    right = LONG["text"].replace("3000万元", "300万元")
    [told] = _push(alice, LONG | {"text": right, "url": "http://m.news.example.com/7"})["items"]
    assert (told["status"], told["id"]) == ("stored", first["id"])
    assert told["reason"] == f"a correction of {first['id']}"
    article = alice.get(f"/v1/articles/{first['id']}").json()
    assert (article["text"], article["revision"], article["state"]) == (right, 2, "open")
    [old] = alice.get(f"/v1/articles/{first['id']}/revisions").json()["items"]
    assert (old["number"], old["title"], old["text"]) == (1, LONG["title"], LONG["text"])


def test_an_article_that_is_not_there_has_no_revisions(alice: httpx.Client) -> None:
    assert alice.get("/v1/articles/01a20024-6b8a-7b08-aea0-a6f068a0ce71/revisions").status_code == 404


def test_a_naive_time_is_read_in_china_and_a_date_is_taken(alice: httpx.Client) -> None:
    items = _push(alice, [{**NEW, "published": "2026-03-01 00:30"}, {"text": "甲乙丙丁", "published": "2026-03-01"}])[
        "items"
    ]
    told = [alice.get(f"/v1/articles/{item['id']}").json()["published"] for item in items]
    assert told == ["2026-02-28T16:30:00.000Z", "2026-02-28T16:00:00.000Z"]


def test_a_bad_item_is_told_with_its_reason_and_stops_no_other(alice: httpx.Client, session: Session) -> None:
    told = _push(
        alice,
        [
            NEW,
            {"text": ""},
            {"text": "x" * 5_000_001},
            {"text": "abc", "colour": "red"},
            {"text": "abc", "published": "31 February"},
            {"title": "no text"},
            "not an object",
            {"text": "The last one is good."},
        ],
    )
    assert (told["stored"], told["rejected"]) == (2, 6)
    statuses = {item["number"]: item["status"] for item in told["items"]}
    assert (statuses[0], statuses[7]) == ("stored", "stored")
    reasons = [item["reason"] for item in told["items"]]
    assert "0 characters" in reasons[1]
    assert "5,000,001" in reasons[2]
    assert reasons[3] == "colour: unknown field"
    assert "31 February" in reasons[4]
    assert reasons[4].startswith("published")
    assert reasons[5].startswith("text")
    assert "a text" in reasons[6]
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Article)) == 2
    errors = alice.get("/v1/sources/errors").json()["items"]
    assert len(errors) == 6
    assert "item 3 of a pushed list" in {error["input"] for error in errors}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**NEW, "colour": "red"}, "body.colour"),
        ({**NEW, "published": "31 February"}, "body.published"),
        ({**NEW, "published": "9999-99-99"}, "body.published"),
        ({**NEW, "text": 7}, "body.text"),
        ({"title": "no text"}, "body.text"),
        ("a text", "body"),
        ([], "body"),
        ([NEW] * 1001, "body"),
    ],
)
def test_a_single_one_that_is_no_article_is_a_422_that_names_the_field(
    alice: httpx.Client, body: Any, field: str
) -> None:
    answer = alice.post("/v1/articles", json=body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_five_million_characters_are_taken(alice: httpx.Client) -> None:
    assert _push(alice, {"text": "银" * 5_000_000})["stored"] == 1


def test_an_address_that_is_none_is_rejected_with_its_reason(alice: httpx.Client) -> None:
    [item] = _push(alice, {**NEW, "url": "javascript:alert(1)"})["items"]
    assert item["status"] == "rejected"
    assert item["reason"]


def test_a_list_shows_no_text_and_finds_by_source_state_and_time(alice: httpx.Client, session: Session) -> None:
    done, failed = rows.article(session), rows.article(session, state="failed", reason="cannot be read")
    items = alice.get("/v1/articles").json()["items"]
    assert [item["id"] for item in items] == [str(failed.id), str(done.id)]
    assert all("text" not in item for item in items)
    [item] = alice.get("/v1/articles", params={"state": "failed"}).json()["items"]
    assert item["reason"] == "cannot be read"
    assert alice.get("/v1/articles", params={"since": "2999-01-01"}).json()["items"] == []
    assert alice.get("/v1/articles", params={"source": str(done.id)}).json()["items"] == []


def test_an_article_shows_what_was_read_in_it_and_no_name_that_is_only_watched(
    alice: httpx.Client, session: Session
) -> None:
    told, bank = rows.article(session), rows.bank(session)
    proven, watched = rows.firm(session, "示例机器人", origin="learnt"), rows.firm(session, "秘密名", origin="watched")
    event = rows.event(session, bank, proven, told)
    place = {"article_id": told.id, "where": "text"}
    session.add_all(
        [
            Mention(kind="firm", name="示例机器人", firm_id=proven.id, start=5, end=10, **place),
            Mention(kind="bank", name="工商银行", bank_id=bank.id, start=0, end=4, **place),
            Mention(kind="firm", name="只被关注", start=11, end=15, **place),
            Mention(kind="firm", name="秘密名", firm_id=watched.id, start=11, end=15, **place),
        ]
    )
    session.commit()
    article = alice.get(f"/v1/articles/{told.id}").json()
    assert [(row["name"], row["id"]) for row in article["mentions"]] == [
        ("工商银行", str(bank.id)),
        ("示例机器人", str(proven.id)),
    ]
    [span] = article["evidence"]
    assert span["event_id"] == str(event.id)
    assert article["text"][span["start"] : span["end"]] == span["quote"]
    assert span["spans"] == [], "an older version noted none"


def test_what_proves_each_field_is_marked(alice: httpx.Client, session: Session) -> None:
    told, bank = rows.article(session), rows.bank(session)
    rows.event(session, bank, rows.firm(session), told)
    [evidence] = session.scalars(select(Evidence))
    evidence.spans = [["bank", 0, 4], ["firm", 5, 10]]
    session.commit()
    article = alice.get(f"/v1/articles/{told.id}").json()
    [span] = article["evidence"]
    proven = {one["field"]: article["text"][one["start"] : one["end"]] for one in span["spans"]}
    assert proven == {"bank": "工商银行", "firm": "示例机器人"}


def test_the_canary_shows_in_no_list_and_no_detail(alice: httpx.Client, session: Session) -> None:
    bird = canary.article()
    session.add(bird)
    session.commit()
    assert alice.get("/v1/articles").json()["items"] == []
    assert alice.get(f"/v1/articles/{bird.id}").status_code == 404

"""The history: each filter, what is shown, and what is not."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy.orm import Session

from api.resources.events.schemas import EventOut
from core.models import Event
from tests.api import rows

pytestmark = pytest.mark.usefixtures("environment")


def _ids(alice: httpx.Client, **query: Any) -> set[str]:
    answer = alice.get("/v1/events", params=query)
    assert answer.status_code == 200, answer.text
    return {item["id"] for item in answer.json()["items"]}


@pytest.fixture
def two(session: Session) -> tuple[str, str]:
    """Two events that differ in every filter; the ids of the first and the second."""
    told = rows.article(session, source_name="示例财经")
    icbc, cmb = rows.bank(session, "工商银行", "工行", "中国工商银行"), rows.bank(session, "招商银行", "招行")
    robots = rows.firm(session, "示例机器人股份有限公司", "示例机器人", sector="robotics")
    textiles = rows.firm(session, "示例纺织有限公司", sector="textiles")
    first = rows.event(session, icbc, robots, told, sector="robotics", branch="苏州分行", regions=["江苏", "苏州"])
    second = rows.event(
        session,
        cmb,
        textiles,
        rows.article(session, source_name="样例晚报"),
        tech=False,
        instrument="mortgage_loan",
        sector="textiles",
        regions=["浙江"],
        status="planned",
        currency="USD",
        amount_min=None,
        amount_max=Decimal("5000000.50"),
        qualifier="at_most",
        date="2025-Q3",
        date_from=date(2025, 7, 1),
        date_to=date(2025, 9, 30),
        first_seen=rows.NOON - timedelta(days=30),
        confidence=0.4,
    )
    return str(first.id), str(second.id)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"bank": "中国工商银行"}, {"bank": "招行"}),
        ({"firm": "示例机器人"}, {"firm": "示例纺织有限公司"}),
        ({"firm": "「示例 机器人」"}, {"firm": "示例纺织有限公司"}),
        ({"tech": True}, {"tech": False}),
        ({"instrument": "tech_loan"}, {"instrument": ["mortgage_loan", "bond"]}),
        ({"sector": "robotics"}, {"sector": "textiles"}),
        ({"region": "苏州市"}, {"region": ["浙江省", "广东"]}),
        ({"status": "granted"}, {"status": "planned"}),
        ({"currency": "CNY"}, {"currency": "USD"}),
        ({"min_amount": 30000000}, {"max_amount": 5000000.5}),
        ({"date_from": "2026-03-31"}, {"date_to": "2025-07-01"}),
        ({"date_from": "2026-01-01", "date_to": "2026-03-01"}, {"date_from": "2025-09-30", "date_to": "2025-12-31"}),
        ({"since": "2026-03-01T20:00:00+08:00"}, {"currency": "USD"}),
        ({"confidence": 0.9}, {"max_amount": 6000000}),
        ({"since": "2026-03-01"}, {"until": "2026-03-01"}),
        ({"branch": "苏州分行"}, {"branch": "总行"}),
        ({"source": "示例财经"}, {"source": "样例晚报"}),
    ],
)
def test_each_filter_tells_the_two_apart(
    alice: httpx.Client, two: tuple[str, str], first: dict[str, Any], second: dict[str, Any]
) -> None:
    assert _ids(alice, **first) == {two[0]}
    assert _ids(alice, **second) == {two[1]}


@pytest.mark.parametrize("asked", [{"date_to": "9999-12-31"}, {"date_from": "0001-01-01"}])
def test_the_first_and_the_last_day_that_there_are_leave_nothing_out(
    alice: httpx.Client, two: tuple[str, str], asked: dict[str, str]
) -> None:
    assert _ids(alice, **asked) == set(two)


def test_filters_must_all_hold_and_repeated_ones_widen(alice: httpx.Client, two: tuple[str, str]) -> None:
    assert _ids(alice) == set(two)
    assert _ids(alice, bank=["工行", "招行"]) == set(two)
    assert _ids(alice, bank="工行", tech=False) == set()


def test_a_bank_and_a_firm_are_found_by_their_ids_too(alice: httpx.Client, two: tuple[str, str]) -> None:
    event = alice.get(f"/v1/events/{two[0]}").json()
    assert _ids(alice, bank=event["bank"]["id"], firm=event["firm"]["id"]) == {two[0]}


@pytest.mark.parametrize(
    ("query", "field", "told"),
    [
        ({"firm": ["示例机器人", "没有这家公司"]}, "query.firm.1", "no firm is called '没有这家公司'"),
        ({"bank": "工商"}, "query.bank.0", "did you mean 工商银行?"),
        ({"bank": "019ab4c2-6f1e-7c34-9d55-0d6f5b2f8a11"}, "query.bank.0", "no bank is called"),
        ({"source": "无此报"}, "query.source.0", "no source or outlet is called '无此报'"),
        ({"sector": "textile"}, "query.sector.0", "did you mean textiles"),
    ],
)
def test_a_name_that_nobody_has_is_refused_with_what_may_be_meant(
    alice: httpx.Client, two: tuple[str, str], query: dict[str, Any], field: str, told: str
) -> None:
    answer = alice.get("/v1/events", params=query)
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["field"] == field and told in error["reason"]


def test_a_firm_that_is_only_watched_is_as_unknown_as_any_other(alice: httpx.Client, session: Session) -> None:
    rows.firm(session, "暗中盯着有限公司", origin="watched")
    for name in ("暗中盯着有限公司", "从未听说有限公司"):
        answer = alice.get("/v1/events", params={"firm": name}).json()
        assert [error["reason"] for error in answer["errors"]] == [f"no firm is called {name!r}"]


def test_a_firm_is_found_under_the_row_that_stands_for_it(alice: httpx.Client, session: Session) -> None:
    kept, merged = rows.firm(session, "甲科技股份有限公司"), rows.firm(session, "甲科技")
    bank = rows.bank(session)
    both = {str(rows.event(session, bank, firm).id) for firm in (kept, merged)}
    merged.merged_into = kept.id
    session.commit()
    assert _ids(alice, firm="甲科技") == _ids(alice, firm="甲科技股份有限公司") == both


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"instrument": "gift"}, "query.instrument.0"),
        ({"status": "maybe"}, "query.status.0"),
        ({"min_amount": "much"}, "query.min_amount"),
        ({"min_amount": 2, "max_amount": 1}, "query.max_amount"),
        ({"date_from": "2026-02-30"}, "query.date_from"),
        ({"date_from": "2026-02-02", "date_to": "2026-02-01"}, "query.date_to"),
        ({"since": "2026-02-02", "until": "2026-02-01"}, "query.until"),
        ({"since": "yesterday"}, "query.since"),
        ({"confidence": 1.1}, "query.confidence"),
        ({"currency": "yuan"}, "query.currency"),
        ({"state": "dead"}, "query.state"),
        ({"bank": ""}, "query.bank.0"),
        ({"region": "亚特兰蒂斯"}, "query.region.0"),
    ],
)
def test_a_filter_that_makes_no_sense_is_named(alice: httpx.Client, query: dict[str, Any], field: str) -> None:
    answer = alice.get("/v1/events", params=query)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_since_without_an_offset_is_china_time(alice: httpx.Client, two: tuple[str, str]) -> None:
    # the first event was seen at 20:00 in China
    assert _ids(alice, since="2026-03-01T20:00:00") == {two[0]}
    assert _ids(alice, since="2026-03-01T20:00:01") == set()


def test_an_event_shows_its_evidence_as_characters_of_the_article(alice: httpx.Client, two: tuple[str, str]) -> None:
    event = alice.get(f"/v1/events/{two[0]}").json()
    [evidence] = event["evidence"]
    text = alice.get(f"/v1/articles/{evidence['article_id']}").json()["text"]
    assert text[evidence["start"] : evidence["end"]] == evidence["quote"]
    assert event["amount"] == {"min": 30000000, "max": 30000000, "currency": "CNY", "qualifier": "exact"}
    assert event["firm"]["aliases"] == ["示例机器人"]
    assert event == alice.get("/v1/events", params={"tech": True}).json()["items"][0]


def test_the_list_can_leave_the_evidence_out(alice: httpx.Client, two: tuple[str, str]) -> None:
    items = alice.get("/v1/events", params={"evidence": "none"}).json()["items"]
    assert [item["evidence"] for item in items] == [None, None]


def test_a_merged_event_still_answers_and_lists_leave_it_out(
    alice: httpx.Client, session: Session, two: tuple[str, str]
) -> None:
    session.get_one(Event, two[1]).state = "merged"
    session.get_one(Event, two[1]).merged_into = two[0]  # type: ignore[assignment]
    session.commit()
    assert _ids(alice) == {two[0]}
    assert _ids(alice, state="all") == set(two)
    event = alice.get(f"/v1/events/{two[1]}").json()
    assert (event["state"], event["merged_into"]) == ("merged", two[0])


def test_versions_are_listed_oldest_first(alice: httpx.Client, two: tuple[str, str]) -> None:
    [version] = alice.get(f"/v1/events/{two[0]}/versions").json()["items"]
    assert (version["version"], version["type"]) == (1, "event.created")
    assert (version["facts"]["bank"], version["facts"]["status"]) == ("工商银行", "granted")
    missing = alice.get("/v1/events/019ab4c2-6f1e-7c34-9d55-0d6f5b2f8a11/versions")
    assert missing.status_code == 404


def test_the_answer_holds_every_field_of_the_contract_and_no_other(alice: httpx.Client, two: tuple[str, str]) -> None:
    assert alice.get(f"/v1/events/{two[0]}").json().keys() == EventOut.model_fields.keys()


def test_a_page_of_events_loads_no_text_of_an_article(
    alice: httpx.Client, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    execute = psycopg.Cursor.execute

    def noted(cursor: Any, query: Any, *given: Any, **options: Any) -> Any:
        seen.append(query.decode() if isinstance(query, bytes) else str(query))
        return execute(cursor, query, *given, **options)

    monkeypatch.setattr(psycopg.Cursor, "execute", noted)  # what SQLAlchemy runs and what runs on the driver itself
    for query in ({}, {"bank": "工商银行"}):
        seen.clear()
        assert alice.get("/v1/events", params=query).json()["items"]
        assert [statement for statement in seen if "article.title" in statement]
        assert not [statement for statement in seen if "article.text" in statement]


def test_an_unknown_field_is_refused_by_name(alice: httpx.Client) -> None:
    answer = alice.get("/v1/events", params={"fields": "id,colour"})
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["field"] == "query.fields.1" and "'colour'" in error["reason"]

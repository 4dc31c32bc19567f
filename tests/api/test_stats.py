"""Statistics: what counts, what counts once, and that no sum is told as more than it is."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session

from core.models import Bank, Firm
from core.periods import span
from extractor.facilities import group_shared
from tests.api import rows

pytestmark = pytest.mark.usefixtures("environment")
MILLION = Decimal(1_000_000)


def _stats(alice: httpx.Client, path: str = "", **query: Any) -> Any:
    answer = alice.get(f"/v1/stats{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _by(alice: httpx.Client, by: str, **query: Any) -> dict[str | None, Any]:
    return {row["name"]: row for row in _stats(alice, by=by, **query)["rows"]}


def _sum(told: Decimal | None, most: Decimal | None = None, **fields: Any) -> dict[str, Any]:
    return {"amount_min": told, "amount_max": told if most is None else most, **fields}


@pytest.fixture
def firm(session: Session) -> Firm:
    return rows.firm(session, sector="robotics")


def test_a_sum_of_three_banks_counts_whole_at_each_and_once_in_all(
    alice: httpx.Client, session: Session, banks: list[Bank], firm: Firm
) -> None:
    told = rows.article(session)
    shared = {**_sum(300 * MILLION), "shared_amount": True, "instrument": "syndicated_loan", "sector": "robotics"}
    for position, bank in enumerate(banks):
        rows.tell(session, rows.event(session, bank, firm, **shared), told, position)
    rows.event(session, banks[0], firm, **_sum(30 * MILLION), sector="robotics")
    group_shared(session)
    session.commit()
    answer = _stats(alice, by="bank")
    assert [row["count"] for row in answer["rows"]] == [2, 1, 1]
    assert [row["sums"][0]["min"] for row in answer["rows"]] == [330_000_000, 300_000_000, 300_000_000]
    assert [row["sums"][0]["shared_min"] for row in answer["rows"]] == [300_000_000] * 3
    [total] = answer["total"]["sums"]
    assert (answer["total"]["count"], answer["total"]["shared"]) == (2, 1)
    assert (total["count"], total["min"], total["max"], total["shared_max"]) == (2, 330e6, 330e6, 300e6)
    assert _by(alice, "sector")["机器人与智能硬件"]["sums"][0]["min"] == 330_000_000
    matrix = _stats(alice, "/matrix", rows="bank", columns="industry")
    assert [column["sums"][0]["min"] for column in matrix["columns"]] == [330_000_000]
    assert [cell["sums"][0]["min"] for cell in matrix["cells"]] == [330_000_000, 300_000_000, 300_000_000]


def test_plans_bare_cooperation_and_other_firms_are_left_out_unless_asked_for(
    alice: httpx.Client, session: Session, banks: list[Bank], firm: Firm
) -> None:
    rows.event(session, banks[0], firm)
    rows.event(session, banks[0], firm, status="planned")
    rows.event(session, banks[0], firm, status="cooperation", instrument="cooperation")
    rows.event(session, banks[0], firm, status="agreed", instrument="cooperation")
    rows.event(session, banks[0], firm, tech=False)
    rows.event(session, banks[0], firm, state="retracted")

    def count(**query: Any) -> tuple[int, list[str]]:
        answer = _stats(alice, by="status", **query)
        return answer["total"]["count"], answer["basis"]["left_out"]

    assert count() == (1, ["planned", "cooperation", "non_tech"])
    assert count(include="planned") == (2, ["cooperation", "non_tech"])
    assert count(include=["planned", "cooperation", "non_tech"]) == (5, [])
    assert count(status="planned") == (1, ["cooperation", "non_tech"])
    assert count(instrument="cooperation") == (2, ["planned", "non_tech"])
    assert count(tech=False) == (1, ["planned", "cooperation"])


def test_ranges_and_open_sums_are_told_from_least_to_most(
    alice: httpx.Client, session: Session, banks: list[Bank], firm: Firm
) -> None:
    rows.event(session, banks[0], firm, **_sum(150 * MILLION, 200 * MILLION, qualifier="range"))
    rows.event(session, banks[0], firm, amount_min=10 * MILLION, amount_max=None, qualifier="at_least")
    rows.event(session, banks[0], firm, amount_min=None, amount_max=5 * MILLION, qualifier="at_most")
    rows.event(session, banks[0], firm, **_sum(MILLION, qualifier="about"))
    rows.event(session, banks[0], firm, **_sum(None), currency=None, qualifier=None)
    total = _stats(alice, by="bank")["total"]
    assert (total["count"], total["without_amount"]) == (5, 1)
    [told] = total["sums"]
    assert {name: told[name] for name in ("count", "min", "max", "at_least", "at_most", "about")} == {
        "count": 4, "min": 161_000_000, "max": 216_000_000, "at_least": 1, "at_most": 1, "about": 1,
    }  # fmt: skip


def test_currencies_stay_apart_and_are_converted_at_a_stated_or_a_dated_rate(
    alice: httpx.Client, session: Session, banks: list[Bank], firm: Firm
) -> None:
    for currency, amount in (("CNY", 10), ("USD", 2), ("THB", 5)):
        rows.event(session, banks[0], firm, **_sum(amount * MILLION), currency=currency)
    apart = _stats(alice, by="bank")["total"]
    assert {one["currency"]: one["min"] for one in apart["sums"]} == {"CNY": 10e6, "USD": 2e6, "THB": 5e6}
    assert apart["converted"] is None
    stated = _stats(alice, by="bank", rate="USD:7.1")
    assert (stated["total"]["converted"]["min"], stated["total"]["converted"]["count"]) == (24_200_000, 2)
    assert stated["basis"]["rates"] == [{"currency": "USD", "rate": 7.1, "day": None}]
    assert stated["basis"]["without_rate"] == ["THB"]
    dated = _stats(alice, by="bank", rates="2024-07-31", rate="THB:0.2")
    assert dated["total"]["converted"]["min"] == 10_000_000 + 2 * 7_134_600 + 1_000_000
    into = _stats(alice, by="bank", convert="USD", rate=["CNY:0.1"])
    assert into["total"]["converted"]["min"] == 3_000_000
    assert into["total"]["converted"]["currency"] == "USD"


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("", {}, "query.by"),
        ("", {"by": "weekday"}, "query.by"),
        ("", {"by": "bank", "rate": "USD"}, "query.rate.0"),
        ("", {"by": "bank", "rate": "USD:-1"}, "query.rate.0"),
        ("", {"by": "bank", "rate": "USD:NaN"}, "query.rate.0"),
        ("", {"by": "bank", "rates": "2020-02-02"}, "query.rates"),
        ("", {"by": "bank", "convert": "THB"}, "query.convert"),
        ("", {"by": "bank", "state": "all"}, "query.state"),
        ("/league", {"period": "2026-13"}, "query.period"),
        ("/league", {"period": "1066"}, "query.period"),
        ("/matrix", {"rows": "firm"}, "query.rows"),
    ],
)
def test_what_makes_no_sense_is_named(alice: httpx.Client, path: str, query: dict[str, Any], field: str) -> None:
    answer = alice.get(f"/v1/stats{path}", params=query)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_half_past_midnight_on_the_first_of_march_in_china_is_march(
    alice: httpx.Client, session: Session, banks: list[Bank], firm: Firm
) -> None:
    for moment in (datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC), datetime(2026, 2, 28, 16, 30, tzinfo=UTC)):
        rows.event(session, banks[0], firm, first_seen=moment)
    seen = _by(alice, "month", time="first_seen")
    assert {month: row["count"] for month, row in seen.items()} == {"2026-02": 1, "2026-03": 1}
    assert {name: row["count"] for name, row in _by(alice, "month").items()} == {"2026-03": 2}  # both are told so


@pytest.mark.parametrize(
    ("told", "month", "quarter", "year"),
    [
        ("2024-02-29", "2024-02", "2024-Q1", "2024"),
        ("2024-12", "2024-12", "2024-Q4", "2024"),
        ("2024-Q3", None, "2024-Q3", "2024"),
        ("2024-H2", None, None, "2024"),
        ("2024", None, None, "2024"),
        (None, None, None, None),
    ],
)
def test_an_event_is_of_a_period_only_where_its_told_date_lies_wholly_within(
    alice: httpx.Client, session: Session, banks: list[Bank], firm: Firm, told: str | None, month: str | None,
    quarter: str | None, year: str | None,
) -> None:  # fmt: skip
    days = span(told) or (None, None)
    rows.event(session, banks[0], firm, date=told, date_from=days[0], date_to=days[1])
    for by, expected in (("month", month), ("quarter", quarter), ("year", year)):
        answer = _stats(alice, by=by)
        assert [row["key"] for row in answer["rows"]] == ([expected] if expected else [])
        missing = {"undated": int(told is None), "coarser": int(told is not None and expected is None)}
        assert answer["unplaced"] == missing
    assert answer["total"]["undated"] == int(told is None)


def test_a_league_tells_who_climbed_since_the_period_before(
    alice: httpx.Client, session: Session, banks: list[Bank], firm: Firm
) -> None:
    def give(bank: Bank, month: int, *sums: int) -> None:
        day = date(2026, month, 5)
        for amount in sums:
            rows.event(session, bank, firm, **_sum(amount * MILLION), date=str(day), date_from=day, date_to=day)

    give(banks[0], 2, 10, 10), give(banks[1], 2, 50)
    give(banks[0], 5, 10), give(banks[1], 5, 5, 5, 5), give(banks[2], 4, 99)
    by_count = _stats(alice, "/league", of="bank", period="2026-Q2")
    assert by_count["period_before"] == "2026-Q1"
    assert [(row["name"], row["rank"], row["change"]) for row in by_count["rows"]][:1] == [("例样银行", 1, 1)]
    assert {row["name"]: (row["rank"], row["before"], row["change"]) for row in by_count["rows"][1:]} == {
        "样例银行": (2, 1, -1),
        "示范银行": (2, None, None),
    }
    by_sum = _stats(alice, "/league", of="bank", order="sum", period="2026-H1", limit=2)
    assert [row["name"] for row in by_sum["rows"]] == ["示范银行", "例样银行"]
    assert (by_sum["ranked"], by_sum["currency"]) == (3, "CNY")
    firms = _stats(alice, "/league", of="firm", order="sum")
    assert [(row["key"], row["change"]) for row in firms["rows"]] == [(str(firm.id), None)]


def test_a_league_by_sum_counts_a_shared_sum_once_and_ranks_in_one_currency(
    alice: httpx.Client, session: Session, banks: list[Bank], firm: Firm
) -> None:
    told, other = rows.article(session), rows.firm(session, "例样芯片股份有限公司")
    for position, bank in enumerate(banks):
        rows.tell(session, rows.event(session, bank, firm, **_sum(10 * MILLION), shared_amount=True), told, position)
    rows.event(session, banks[0], other, **_sum(20 * MILLION))
    rows.event(session, banks[0], firm, **_sum(2 * MILLION), currency="USD")
    group_shared(session)
    session.commit()
    assert [row["name"] for row in _stats(alice, "/league", of="firm", order="sum")["rows"]] == [other.name, firm.name]
    with_dollars = _stats(alice, "/league", of="firm", order="sum", rate="USD:7.1")["rows"]
    assert [row["converted"]["min"] for row in with_dollars] == [24_200_000, 20_000_000]
    [only] = _stats(alice, "/league", of="firm", order="sum", currency="USD")["rows"]
    assert only["name"] == firm.name


def test_filters_of_events_narrow_the_figures(
    alice: httpx.Client, session: Session, banks: list[Bank], firm: Firm
) -> None:
    rows.event(session, banks[0], firm, regions=["江苏", "苏州"])
    rows.event(session, banks[1], None, firm_description="某公司", regions=["浙江"])
    assert _stats(alice, by="bank", region="苏州")["total"]["count"] == 1
    assert list(_by(alice, "region", bank="例样银行")) == ["浙江"]
    assert list(_by(alice, "city")) == ["苏州", None]
    # firms that are not named have no rank
    assert [row["name"] for row in _stats(alice, "/league", of="firm")["rows"]] == [firm.name]


def test_the_largest_rows_and_the_newest_periods_are_shown_and_the_rest_is_told(
    alice: httpx.Client, session: Session, banks: list[Bank], firm: Firm
) -> None:
    for number, (bank, day) in enumerate(zip([*banks, banks[2]], (1, 2, 3, 3), strict=True), 1):
        told = date(2026, day, number)
        rows.event(session, bank, firm, date=str(told), date_from=told, date_to=told)
    few = _stats(alice, by="bank", limit=1)
    assert ([row["name"] for row in few["rows"]], few["more"]) == (["示范银行"], 2)
    newest = _stats(alice, by="month", limit=2)
    assert ([row["name"] for row in newest["rows"]], newest["more"]) == (["2026-02", "2026-03"], 1)
    matrix = _stats(alice, "/matrix", rows="month", columns="bank", most_rows=1, most_columns=1)
    assert (matrix["more_rows"], matrix["more_columns"]) == (2, 2)
    assert [(cell["row"], cell["count"]) for cell in matrix["cells"]] == [("2026-03", 2)]

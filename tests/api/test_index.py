"""The activity index: 100 in its base period, silent where too few events stand behind a figure."""

from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session

from api.resources.index.answer import LEAST
from api.resources.stats.industries import industries
from core.models import Bank
from seeds.registers import read_sectors
from tests.api import rows

pytestmark = pytest.mark.usefixtures("environment")
MILLION = Decimal(1_000_000)


@pytest.fixture
def bank(session: Session) -> Bank:
    return rows.bank(session)


def _give(session: Session, bank: Bank, quarter: str, number: int, millions: int | None = 10, **fields: Any) -> None:
    first = date(int(quarter[:4]), 3 * int(quarter[-1]) - 2, 1)
    amount = None if millions is None else millions * MILLION
    told = {"amount_min": amount, "amount_max": amount, "currency": amount and "CNY", "qualifier": amount and "exact"}
    days = {"date": str(first), "date_from": first, "date_to": first}
    for _ in range(number):
        rows.event(session, bank, None, firm_description="某公司", **{"sector": "ai", **told, **days, **fields})


def _index(alice: httpx.Client, **query: Any) -> dict[str, dict[str, Any]]:
    answer = alice.get("/v1/index", params={"end": "2026-Q1", "quarters": 5, **query})
    assert answer.status_code == 200, answer.text
    return {one["slug"]: one for one in answer.json()["industries"]}


def _points(industry: dict[str, Any], what: str) -> list[float | None]:
    return [point[what] for point in industry["points"]]


def test_the_base_quarter_is_100_and_the_others_stand_beside_it(
    alice: httpx.Client, session: Session, bank: Bank
) -> None:
    _give(session, bank, "2025-Q1", 10, 10)
    _give(session, bank, "2025-Q2", 15, 20)
    it = _index(alice, base="2025-Q1")["new_generation_it"]
    assert [point["quarter"] for point in it["points"]] == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"]
    assert _points(it, "count") == [100.0, 150.0, None, None, None]
    assert _points(it, "amount") == [100.0, 300.0, None, None, None]
    assert _points(it, "events") == [10, 15, 0, 0, 0]


def test_a_year_as_base_is_its_average_quarter(alice: httpx.Client, session: Session, bank: Bank) -> None:
    for quarter, number in (("2025-Q1", 10), ("2025-Q4", 10), ("2026-Q1", 10)):
        _give(session, bank, quarter, number)
    it = _index(alice)["new_generation_it"]
    assert _points(it, "count") == [200.0, None, None, 200.0, 200.0]


def test_too_few_events_give_no_figure_and_say_how_many_they_are(
    alice: httpx.Client, session: Session, bank: Bank
) -> None:
    _give(session, bank, "2025-Q1", LEAST)
    _give(session, bank, "2025-Q2", LEAST - 1)
    _give(session, bank, "2025-Q2", 1, None)
    it = _index(alice, base="2025-Q1")["new_generation_it"]
    assert _points(it, "count")[:2] == [100.0, 100.0]
    assert _points(it, "amount")[:2] == [100.0, None]
    assert _points(it, "priced")[:2] == [LEAST, LEAST - 1]
    other = _index(alice, base="2024")["new_generation_it"]
    assert other["base"] == {"events": 0, "priced": 0, "count": False, "amount": False}
    assert set(_points(other, "count")) == {None}


def test_all_is_what_the_industries_are_together_and_other_sectors_are_in_none(
    alice: httpx.Client, session: Session, bank: Bank
) -> None:
    _give(session, bank, "2025-Q1", 10)
    _give(session, bank, "2025-Q1", 20, sector="biomedicine")
    _give(session, bank, "2025-Q1", 5, sector="appliances")
    _give(session, bank, "2025-Q1", 5, sector=None)
    found = _index(alice, base="2025-Q1")
    assert {slug: one["points"][0]["events"] for slug, one in found.items() if one["points"][0]["events"]} == {
        "all": 30, "new_generation_it": 10, "biology": 20,
    }  # fmt: skip
    assert _index(alice, sector="biomedicine")["all"]["points"][0]["events"] == 20


def test_what_belongs_to_no_quarter_is_told(alice: httpx.Client, session: Session, bank: Bank) -> None:
    _give(session, bank, "2025-Q1", 2, date=None, date_from=None, date_to=None)
    _give(session, bank, "2025-Q1", 1, date="2025", date_to=date(2025, 12, 31))
    assert alice.get("/v1/index").json()["unplaced"] == {"undated": 2, "coarser": 1}


def test_the_quarter_that_is_not_over_says_so(alice: httpx.Client) -> None:
    points = alice.get("/v1/index", params={"quarters": 2}).json()["industries"][0]["points"]
    assert [point["running"] for point in points] == [False, True]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"base": "2025-03"}, "query.base"),
        ({"base": "last year"}, "query.base"),
        ({"end": "2025"}, "query.end"),
        ({"quarters": 0}, "query.quarters"),
        ({"sector": "steel"}, "query.sector"),
        ({"convert": "THB"}, "query.convert"),
    ],
)
def test_what_makes_no_sense_is_named(alice: httpx.Client, query: dict[str, Any], field: str) -> None:
    answer = alice.get("/v1/index", params=query)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_the_official_list_has_nine_industries_and_sectors_that_exist_each_in_one() -> None:
    assert [one.code for one in industries()] == list(range(1, 10))
    told = [sector for one in industries() for sector in one.sectors]
    assert len(told) == len(set(told))
    assert set(told) <= {sector.slug for sector in read_sectors()}

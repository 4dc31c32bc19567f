"""Two tellings of one grant are one event; a raise, a renewal, another instrument or year is not."""

from itertools import permutations
from typing import Any

import pytest

from core.periods import precision, span
from extractor.compare import combine, likeness


def telling(**changed: Any) -> dict[str, Any]:
    return {
        "bank": "北海银行",
        "branch": None,
        "firm": "青禾智造",
        "firm_description": None,
        "tech": True,
        "instrument": "loan",
        "instrument_text": "贷款",
        "amount": None,
        "shared_amount": False,
        "date": None,
        "term_months": None,
        "status": "granted",
        "sector": None,
        "confidence": 0.8,
        "published": "2026-05-01",
    } | changed


def sum_of(low: float | None, high: float | None = None, *, qualifier: str = "exact", currency: str = "CNY") -> Any:
    return {"min": low, "max": low if high is None else high, "currency": currency, "qualifier": qualifier}


TEN_MILLION = sum_of(10_000_000)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"amount": TEN_MILLION}),
        ({"amount": TEN_MILLION}, {"amount": sum_of(9_800_000, qualifier="about")}),
        ({"amount": sum_of(10_000_000, None, qualifier="at_least") | {"max": None}}, {"amount": sum_of(12_000_000)}),
        ({"instrument": "credit_line"}, {"instrument": "tech_loan"}),
        ({"date": "2026-04"}, {"date": "2026-04-12"}),
        ({"date": "2026-02", "status": "agreed"}, {"date": "2026-04", "status": "granted"}),
        (
            {"instrument": "ip_pledge_loan", "amount": TEN_MILLION},
            {"instrument": "credit_loan", "amount": TEN_MILLION},
        ),
    ],
)
def test_the_same_grant_in_other_words_is_one_event(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert likeness(telling(**one), telling(**other)) is not None
    assert likeness(telling(**other), telling(**one)) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"amount": TEN_MILLION}, {"amount": sum_of(30_000_000)}),
        ({"amount": TEN_MILLION}, {"amount": sum_of(10_000_000, currency="USD")}),
        ({"amount": sum_of(10_000_000, qualifier="at_least") | {"max": None}}, {"amount": sum_of(100_000_000)}),
        ({"instrument": "bond"}, {"instrument": "leasing"}),
        ({"instrument": "cooperation"}, {"instrument": "loan"}),
        ({"date": "2025-04"}, {"date": "2026-04"}),
        ({"date": "2026-01"}, {"date": "2026-04"}),
        ({"published": "2024-01-01"}, {"published": "2026-01-01"}),
    ],
)
def test_another_grant_is_another_event(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert likeness(telling(**one), telling(**other)) is None


def test_all_tellings_together_say_the_most_specific_in_any_order() -> None:
    tellings = [
        telling(status="planned", date="2026"),
        telling(amount=sum_of(9_800_000, qualifier="about"), branch="滨海支行", date="2026-04"),
        telling(amount=TEN_MILLION, instrument="tech_loan", instrument_text="科创贷", status="agreed"),
    ]
    results = [combine(order) for order in permutations(tellings)]
    assert all(result == results[0] for result in results)
    assert results[0] | {"confidence": 0} == {
        "branch": "滨海支行",
        "firm_description": None,
        "tech": True,
        "instrument": "tech_loan",
        "instrument_text": "科创贷",
        "amount": TEN_MILLION,
        "shared_amount": False,
        "date": "2026-04",
        "term_months": None,
        "status": "granted",
        "sector": None,
        "confidence": 0,
    }


@pytest.mark.parametrize(
    ("told", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-Q3", "2024-07-01", "2024-09-30"),
        ("2024-H2", "2024-07-01", "2024-12-31"),
        ("2024-12-03", "2024-12-03", "2024-12-03"),
    ],
)
def test_a_told_date_spans_its_days(told: str, first: str, last: str) -> None:
    spanned = span(told)
    assert spanned is not None
    assert [day.isoformat() for day in spanned] == [first, last]


@pytest.mark.parametrize("told", [None, "", "2024-13", "2024-02-30", "近日"])
def test_no_date_spans_nothing_and_is_the_least_precise(told: str | None) -> None:
    assert span(told) is None
    assert precision(told) < precision("2024")

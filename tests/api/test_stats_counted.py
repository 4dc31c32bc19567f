"""Statistics of any grants are what a naive count gives."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from api.resources.stats import answers
from api.resources.stats.schemas import LeagueQuery, MatrixQuery, StatsQuery
from core.models import Bank, Event, Firm
from core.periods import span
from tests.api import rows
from tests.api.grants import GRANT

pytestmark = pytest.mark.usefixtures("environment")


def _events(grants: list[dict[str, Any]], banks: list[Bank], firms: list[Firm]) -> Iterator[dict[str, Any]]:
    """An event for each bank of a grant; of several banks, they are one facility."""
    for number, grant in enumerate(grants):
        least, most, currency = grant["sum"]
        first, last = span(grant["told"]) or (None, None)
        shared = len(grant["banks"]) > 1 and currency is not None
        for bank in sorted(grant["banks"]):
            yield {
                "bank_id": banks[bank].id, "firm_id": None if grant["firm"] is None else firms[grant["firm"]].id,
                "amount_min": least, "amount_max": most, "currency": currency, "date": grant["told"],
                "date_from": first, "date_to": last, "shared_amount": shared, "regions": [], "confidence": 0.9,
                "facility_id": _uuid(number) if shared else None,
                **{name: grant[name] for name in ("instrument", "status", "tech", "sector")},
            }  # fmt: skip


def _uuid(number: int) -> str:
    return f"00000000-0000-7000-8000-{number:012}"


def _naive(events: list[dict[str, Any]], key: Any) -> dict[Any, tuple[int, dict[str, tuple[Decimal, Decimal]]]]:
    """For each key how many grants, and each currency's least and most, a shared sum taken once."""
    grants: dict[Any, dict[Any, dict[str, Any]]] = defaultdict(dict)
    for number, event in enumerate(events):
        counts = event["tech"] and event["status"] in ("granted", "agreed") and event["instrument"] != "cooperation"
        if counts and (found := key(event)) != "nowhere":
            grants[found][event["facility_id"] or number] = event
    result = {}
    for name, once in grants.items():
        sums: dict[str, tuple[Decimal, Decimal]] = {}
        for event in once.values():
            if currency := event["currency"]:
                least, most = sums.get(currency, (Decimal(0), Decimal(0)))
                lowest, highest = event["amount_min"], event["amount_max"]
                sums[currency] = (least + (lowest or 0), most + (lowest if highest is None else highest))
        result[name] = (len(once), sums)
    return result


def _seen(answer: list[dict[str, Any]], *key: str) -> dict[Any, tuple[int, dict[str, tuple[Decimal, Decimal]]]]:
    def sums(row: dict[str, Any]) -> dict[str, tuple[Decimal, Decimal]]:
        return {one["currency"]: (one["min"], one["max"]) for one in row["sums"]}

    return {tuple(row[name] for name in key): (row["count"], sums(row)) for row in answer}


def _month(event: dict[str, Any]) -> tuple[str] | str:
    first, last = event["date_from"], event["date_to"]
    return (f"{first:%Y-%m}",) if first and (first.year, first.month) == (last.year, last.month) else "nowhere"


@given(st.lists(GRANT, max_size=12))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_figures_are_what_a_naive_count_gives(
    session: Session, banks: list[Bank], grants: list[dict[str, Any]]
) -> None:
    firms = session.query(Firm).order_by(Firm.name).all() or [rows.firm(session, name) for name in ("甲公司", "乙公司")]
    events = list(_events(grants, banks, firms))
    session.execute(delete(Event))
    if events:
        session.execute(insert(Event), events)
    by_bank = answers.by_dimension(session, StatsQuery(by="bank"))
    assert _seen(by_bank["rows"], "key") == _naive(events, lambda event: (str(event["bank_id"]),))
    assert _seen([by_bank["total"]]) == (_naive(events, lambda event: ()) or {(): (0, {})})
    by_month = answers.by_dimension(session, StatsQuery(by="month"))
    assert _seen(by_month["rows"], "key") == _naive(events, _month)
    matrix = answers.matrix(session, MatrixQuery(rows="bank", columns="sector"))
    assert _seen(matrix["cells"], "row", "column") == _naive(events, lambda one: (str(one["bank_id"]), one["sector"]))
    assert _seen(matrix["columns"], "key") == _naive(events, lambda event: (event["sector"],))
    league = answers.league(session, LeagueQuery(of="firm", order="count", limit=50))
    named = _naive(events, lambda one: (str(one["firm_id"]),) if one["firm_id"] else "nowhere")
    assert _seen(league["rows"], "key") == named
    assert [row["rank"] for row in league["rows"]] == _competition([count for count, _ in named.values()])
    by_sum = answers.league(session, LeagueQuery(of="firm", order="sum", limit=50))
    priced = {key: figures for key, figures in named.items() if "CNY" in figures[1]}
    assert _seen(by_sum["rows"], "key") == priced
    assert [row["rank"] for row in by_sum["rows"]] == _competition([sums["CNY"] for _, sums in priced.values()])
    session.rollback()


def _competition(values: list[Any]) -> list[int]:
    """1, 2, 2, 4: how many are better, and one more."""
    return [1 + sum(other > value for other in values) for value in sorted(values, reverse=True)]

"""The index out of the statistics by quarter and industry (docs/index.md)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from api.errors import Invalid
from api.resources.index.schemas import IndexQuery
from api.resources.stats import answers, facts, fold, store
from api.resources.stats.fold import TOTAL, Figures
from api.resources.stats.industries import Industry, industries, of_sector
from api.resources.stats.money import HOME, Rates
from api.resources.stats.periods import Period
from core.clock import day_in, now

LEAST = 10
"""Fewer events give no figure: a count of n is off by 1/√n by chance alone, which is a third below ten."""

ALL = Industry(0, "all", "战略性新兴产业", "Strategic emerging industries", tuple(of_sector()))
Quarters = dict[str, Figures]


def index(session: Session, asked: IndexQuery) -> dict[str, Any]:
    """The index of all and of each industry (schemas.IndexOut)."""
    facts.in_memory(session)
    meant = asked.model_copy(update={"sector": _sectors(asked), "convert": asked.convert or HOME})
    rates = answers.rates_of(meant)
    found = fold.fold(store.cells(session, facts.counted(session, meant), ["quarter", "industry"]), 2)
    return {
        "base": asked.base,
        "threshold": LEAST,
        "basis": answers.basis(meant, rates, found[TOTAL, TOTAL]),
        "unplaced": answers.unplaced({quarter: one for (quarter, which), one in found.items() if which is TOTAL}),
        "industries": [
            _industry(one, asked, _quarters(found, TOTAL if one is ALL else one.slug), rates)
            for one in (ALL, *industries())
        ],
    }


def _sectors(asked: IndexQuery) -> list[str]:
    """Those asked for, or all, that belong to an industry."""
    wanted = [sector for sector in asked.sector or of_sector() if sector in of_sector()]
    if not wanted:
        raise Invalid.at("query.sector", "none of these sectors belongs to a strategic emerging industry")
    return wanted


def _quarters(found: dict[fold.Key, Figures], which: Any) -> Quarters:
    placed = ((key[0], one) for key, one in found.items() if key[1] == which)
    return {str(Period.at(day, "quarter")): one for day, one in placed if day not in (None, facts.COARSER, TOTAL)}


def _industry(one: Industry, asked: IndexQuery, quarters: Quarters, rates: Rates) -> dict[str, Any]:
    parts = _parts(Period.read(asked.base))
    base = _measure((quarters.get(str(part), Figures()) for part in parts), rates)
    events, priced, amount = base
    average = (Decimal(events) / len(parts), amount / len(parts))
    told = {
        "events": events,
        "priced": priced,
        "count": events >= LEAST,
        "amount": priced >= LEAST and amount > 0,
    }
    points = [_point(part, quarters.get(str(part), Figures()), told, average, rates) for part in _shown(asked)]
    return {**vars(one), "base": told, "points": points}


def _point(
    quarter: Period, figures: Figures, base: dict[str, Any], average: tuple[Decimal, Decimal], rates: Rates
) -> dict[str, Any]:
    events, priced, amount = _measure([figures], rates)
    return {
        "quarter": str(quarter),
        "events": events,
        "priced": priced,
        "count": _ratio(Decimal(events), average[0]) if base["count"] and events >= LEAST else None,
        "amount": _ratio(amount, average[1]) if base["amount"] and priced >= LEAST else None,
        "running": quarter.days[1] >= day_in(now()),
    }


def _measure(figures: Iterable[Figures], rates: Rates) -> tuple[int, int, Decimal]:
    """How many events and told sums, and the middle between what these add up to at least and at most."""
    events, priced, amount = 0, 0, Decimal(0)
    for one in figures:
        total = one.converted(rates)
        events, priced, amount = events + one.count, priced + total.count, amount + (total.least + total.most) / 2
    return events, priced, amount


def _ratio(value: Decimal, base: Decimal) -> float:
    return float(round(100 * value / base, 1))


def _parts(period: Period) -> list[Period]:
    """The quarters of a quarter, half or year."""
    each = 4 // period.parts
    return [Period(period.year, 4, period.number * each + number) for number in range(each)]


def _shown(asked: IndexQuery) -> list[Period]:
    last = Period.read(asked.end) if asked.end else Period.at(day_in(now()), "quarter")
    shown = [last]
    while len(shown) < asked.quarters:
        shown.append(shown[-1].before())
    return shown[::-1]

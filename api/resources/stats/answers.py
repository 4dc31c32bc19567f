"""The three statistics as the API answers them; the dashboard asks the same functions."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Subquery
from sqlalchemy.orm import Session

from api.resources.stats import facts, fold, money, store
from api.resources.stats.fold import TOTAL, Figures
from api.resources.stats.industries import industries
from api.resources.stats.money import HOME, Rates
from api.resources.stats.periods import UNITS, Period
from api.resources.stats.schemas import LeagueQuery, MatrixQuery, StatsFilter, StatsQuery, read_rate
from api.resources.watchlists.subjects import sectors

Pairs = list[tuple[Any, Figures]]


def by_dimension(session: Session, asked: StatsQuery) -> dict[str, Any]:
    """Figures by one dimension (schemas.StatsOut)."""
    facts.in_memory(session)
    rates, counted = rates_of(asked), facts.counted(session, asked)
    figures = fold.fold(store.cells(session, counted, [asked.by]), 1)
    total = figures.pop((TOTAL,))
    rows = {key: one for (key,), one in figures.items()}
    return {"by": asked.by, "basis": basis(asked, rates, total)} | grouped(
        session, asked.by, rows, total, limit=asked.limit, rates=rates
    )


def apart(session: Session, counted: Subquery, by: Sequence[str]) -> tuple[dict[str, dict[Any, Figures]], Figures]:
    """For each of several dimensions the figures of each of its keys, and those of all."""
    found = fold.fold(store.cells(session, counted, by, apart=True), len(by))
    figures: dict[str, dict[Any, Figures]] = {dimension: {} for dimension in by}
    for keys, one in found.items():
        for dimension, key in zip(by, keys, strict=True):
            if key is not TOTAL:
                figures[dimension][key] = one
    return figures, found[(TOTAL,) * len(by)]


def grouped(
    session: Session, by: str, figures: dict[Any, Figures], total: Figures, *, limit: int, rates: Rates
) -> dict[str, Any]:
    """Figures by one dimension with their total, without what they stand on (schemas.Grouped)."""
    shown = _shown(list(figures.items()), by, limit)
    return {
        "total": total.view(rates),
        "rows": _rows(session, by, shown, rates),
        "more": len(_placed(list(figures.items()), by)) - len(shown),
        "unplaced": unplaced(figures) if by in UNITS else None,
    }


def foremost(session: Session, counted: Subquery, of: str, *, limit: int, rates: Rates) -> dict[str, Any]:
    """The banks or firms with most events: how many there are in all (`ranked`) and the figures of the first."""
    best = store.first(session, store.ranking(counted, of, "count", rates, HOME), limit)
    subjects = [row.subject for row in best]
    figures = fold.fold(store.cells(session, store.only(counted, of, subjects), [of]), 1)
    rows = _rows(session, of, [(subject, figures[subject,]) for subject in subjects], rates)
    return {"ranked": best[0].ranked if best else 0, "rows": rows}


def league(session: Session, asked: LeagueQuery) -> dict[str, Any]:
    """A league table (schemas.LeagueOut)."""
    facts.in_memory(session)
    rates, period = rates_of(asked), Period.read(asked.period) if asked.period else None
    currency = rates.to or asked.currency or HOME
    counted = facts.counted(session, asked, within=period)
    best = store.first(session, store.ranking(counted, asked.of, asked.order, rates, currency), asked.limit)
    subjects = [row.subject for row in best]
    before: dict[UUID, int] = {}
    if period and subjects:
        earlier = facts.counted(session, asked, within=period.before())
        before = store.ranks(session, store.ranking(earlier, asked.of, asked.order, rates, currency), subjects)
    figures = fold.fold(store.cells(session, store.only(counted, asked.of, subjects), [asked.of]), 1)
    rows = _rows(session, asked.of, [(subject, figures[subject,]) for subject in subjects], rates)
    return {
        "of": asked.of,
        "order": asked.order,
        "currency": currency if asked.order == "sum" else None,
        "period": str(period) if period else None,
        "period_before": str(period.before()) if period else None,
        "basis": basis(asked, rates, figures[TOTAL,]),
        "ranked": best[0].ranked if best else 0,
        "rows": [{**row, **_climbed(one.rank, before.get(one.subject))} for row, one in zip(rows, best, strict=True)],
    }


def matrix(session: Session, asked: MatrixQuery) -> dict[str, Any]:
    """Figures by two dimensions (schemas.MatrixOut)."""
    facts.in_memory(session)
    rates, found = rates_of(asked), store.cells(session, facts.counted(session, asked), [asked.rows, asked.columns])
    totals = fold.fold([one for one in found if one.level], 2)
    down = [(row, one) for (row, column), one in totals.items() if column is TOTAL and row is not TOTAL]
    across = [(column, one) for (row, column), one in totals.items() if row is TOTAL and column is not TOTAL]
    rows, columns = _shown(down, asked.rows, asked.most_rows), _shown(across, asked.columns, asked.most_columns)
    shown = {row for row, _ in rows}, {column for column, _ in columns}
    cells = fold.fold([one for one in found if not one.level and one.key0 in shown[0] and one.key1 in shown[1]], 2)
    return {
        "basis": basis(asked, rates, totals[TOTAL, TOTAL]),
        "total": totals[TOTAL, TOTAL].view(rates),
        "rows": _rows(session, asked.rows, rows, rates),
        "columns": _rows(session, asked.columns, columns, rates),
        "more_rows": len(_placed(down, asked.rows)) - len(rows),
        "more_columns": len(_placed(across, asked.columns)) - len(columns),
        "cells": [
            {"row": _key(row, asked.rows), "column": _key(column, asked.columns), **cells[row, column].view(rates)}
            for row, _ in rows
            for column, _ in columns
            if (row, column) in cells
        ],
    }


def rates_of(asked: StatsFilter) -> Rates:
    """The rates that a request means (money.rates)."""
    return money.rates(asked.convert, [read_rate(text) for text in asked.rate], asked.rates)


def basis(asked: StatsFilter, rates: Rates, total: Figures) -> dict[str, Any]:
    """On what figures stand (schemas.Basis)."""
    return {
        "time": asked.time,
        "left_out": facts.left_out(asked),
        "convert": rates.to,
        "rates": [vars(one) for one in rates.rates],
        "without_rate": fold.without_rate(total, rates),
    }


def _placed(pairs: Pairs, by: str) -> Pairs:
    """What has a row: of periods those that are one, and whatever is told of anything else, "none" too."""
    return pairs if by not in UNITS else [(key, one) for key, one in pairs if key not in (None, facts.COARSER)]


def _shown(pairs: Pairs, by: str, most: int) -> Pairs:
    """The newest periods in their order, or the largest of anything else."""
    if by in UNITS:
        return sorted(_placed(pairs, by), key=lambda item: item[0])[-most:]
    return fold.largest(pairs)[:most]


def unplaced(figures: dict[Any, Figures]) -> dict[str, int]:
    """What belongs to no single period (schemas.Unplaced), out of figures by a period's first day."""
    none = Figures()
    return {"undated": figures.get(None, none).count, "coarser": figures.get(facts.COARSER, none).count}


def _rows(session: Session, by: str, pairs: Pairs, rates: Rates) -> list[dict[str, Any]]:
    named = _names(session, by, [key for key, _ in pairs if key is not None])
    return [{"key": _key(key, by), "name": named.get(key), **one.view(rates)} for key, one in pairs]


def _key(key: Any, by: str) -> str | None:
    if key is None:
        return None
    return str(Period.at(key, by)) if by in UNITS else str(key)


def _names(session: Session, by: str, keys: Iterable[Any]) -> dict[Any, str | None]:
    if by in ("bank", "firm"):
        return dict(store.names(session, by, keys))
    if by == "industry":
        return {one.slug: one.name for one in industries()}
    if by == "sector":
        return {one.slug: one.name for one in sectors()}
    return {key: _key(key, by) for key in keys}


def _climbed(rank: int, before: int | None) -> dict[str, Any]:
    return {"rank": rank, "before": before, "change": None if before is None else before - rank}

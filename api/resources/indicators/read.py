"""Series and points as they are answered: for the API, and for the dashboard in the same process."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from api.resources.indicators import store
from api.resources.indicators.points import Point, grown, points, shown, year_before
from api.resources.indicators.schemas import IndicatorQuery, PointQuery
from core.models import IndicatorSeries

_SAME = ("id", "kind", "subject", "branch", "region", "unit", "period")


def series_page(session: Session, query: IndicatorQuery) -> dict[str, Any]:
    """One page of series, each with its span and last point."""
    rows, following = store.page(session, query)
    return {"items": described(session, rows), "next": following}


def described(session: Session, rows: Sequence[IndicatorSeries]) -> list[dict[str, Any]]:
    """Series as they are shown; one whose last telling went in this moment is left out."""
    ids = [row.id for row in rows]
    spans, last = store.spans(session, ids), store.latest(session, ids)
    return [_series(row, spans[row.id], points(last[row.id])) for row in rows if row.id in spans and row.id in last]


def point_page(session: Session, series: IndicatorSeries, query: PointQuery) -> dict[str, Any]:
    """One page of a series' points, last date first, the surest first of those that contradict one another."""
    days, following = store.days(session, series, query)
    found = points(store.tellings(session, series, days))
    earlier = {one for told in found if (one := year_before(told)) and one not in found}
    known = {**found, **points(store.told_of(session, series, earlier))}
    items = [
        shown(point, grown(series.unit, series.period, point, known.get(year_before(told) or "", [])))
        for told, at in found.items()
        for point in sorted(at, key=lambda point: -max(row.confidence for row, _ in point.tellings))
    ]
    return {"items": items, "next": following}


def _series(row: IndicatorSeries, span: Any, last: dict[str | None, list[Point]]) -> dict[str, Any]:
    at = [point for found in last.values() for point in found]
    surest = max(at, key=lambda point: (point.head.value is not None, point.head.confidence))
    return {
        **{name: getattr(row, name) for name in _SAME},
        "programme": row.programme or None,
        "bank": {"id": row.bank.id, "name": row.bank.name} if row.bank else None,
        **{name: getattr(span, name) for name in ("dates", "tellings", "first", "last")},
        "latest": shown(surest, None),
    }

"""All SQL of `/v1/indicators`."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, distinct, func, or_, select, tuple_
from sqlalchemy.orm import Session, defer

from api import pagination
from api.errors import Invalid
from api.resources.events import named
from api.resources.indicators.points import Telling
from api.resources.indicators.schemas import COUNTRY, IndicatorQuery, PointQuery
from core import regions
from core.models import Article, Indicator, IndicatorSeries, WorkState

_UNDATED = date(1, 1, 1)  # stands for no date where dates are ordered
_DAY = func.coalesce(Indicator.as_of, _UNDATED)
# Of a corrected text that is still to be read, the spans are those of its earlier version. One that was read has them,
# or held them before its body was let go.
_LITERAL = or_(
    Article.state == WorkState.DONE,
    func.substr(Article.text, Indicator.start + 1, Indicator.end - Indicator.start) == Indicator.quote,
)


def page(session: Session, query: IndicatorQuery) -> tuple[Sequence[IndicatorSeries], str | None]:
    """The series that pass every filter and have points, last known first."""
    asked = [*_between(query), *([Indicator.article_id == query.article] if query.article else [])]
    found = select(IndicatorSeries).where(_told(*asked))
    for condition in _conditions(session, query):
        found = found.where(condition)
    moment, row_id = IndicatorSeries.created_at, IndicatorSeries.id
    return pagination.fetch(session, found, query, what="indicators", moment=moment, row_id=row_id)


def find(session: Session, series_id: UUID) -> IndicatorSeries | None:
    """The series of that id, if it has points."""
    found = select(IndicatorSeries).where(IndicatorSeries.id == series_id, _told())
    return session.scalar(found)


def spans(session: Session, ids: Collection[UUID]) -> dict[UUID, Any]:
    """For each series how often it is told, at how many dates, and its first and last day."""
    counts = (func.count().label("tellings"), func.count(distinct(func.coalesce(Indicator.date, ""))).label("dates"))
    ends = (func.min(Indicator.as_of).label("first"), func.max(Indicator.as_of).label("last"))
    found = select(Indicator.series_id, *counts, *ends).where(Indicator.series_id.in_(ids))
    return {row.series_id: row for row in session.execute(found.group_by(Indicator.series_id))}


def latest(session: Session, ids: Collection[UUID]) -> dict[UUID, list[Telling]]:
    """The tellings of each series' last day."""
    last = select(Indicator.series_id, func.max(_DAY)).where(Indicator.series_id.in_(ids))
    at = tuple_(Indicator.series_id, _DAY).in_(last.group_by(Indicator.series_id))
    return _by_series(session, _tellings().where(Indicator.series_id.in_(ids), at))


def days(session: Session, series: IndicatorSeries, query: PointQuery) -> tuple[Sequence[date], str | None]:
    """One page of the days of a series' points, last first, and the cursor of the next."""
    what = query.bound(f"points of {series.id}")
    found = select(_DAY.label("day")).where(Indicator.series_id == series.id, *_between(query))
    if query.cursor is not None:
        found = found.where(pagination.decode(what, query.cursor).moment.date() > _DAY)
    rows = session.scalars(found.group_by(_DAY).order_by(_DAY.desc()).limit(query.limit + 1)).all()
    if len(rows) <= query.limit:
        return rows, None
    last = rows[query.limit - 1]
    moment = datetime(last.year, last.month, last.day, tzinfo=UTC)
    return rows[: query.limit], pagination.encode(what, pagination.Position(moment, series.id))


def tellings(session: Session, series: IndicatorSeries, at: Sequence[date]) -> list[Telling]:
    """What is told of a series on these days, last day first."""
    if not at:
        return []
    found = _tellings().where(Indicator.series_id == series.id, _DAY.in_(at))
    return _by_series(session, found).get(series.id, [])


def told_of(session: Session, series: IndicatorSeries, dates: Iterable[str]) -> list[Telling]:
    """What is told of a series for these dates."""
    wanted = sorted(set(dates))
    if not wanted:
        return []
    found = _tellings().where(Indicator.series_id == series.id, Indicator.date.in_(wanted))
    return _by_series(session, found).get(series.id, [])


def _tellings() -> Select[Indicator, Article]:
    found = select(Indicator, Article).join(Article, Article.id == Indicator.article_id).where(_LITERAL)
    return found.order_by(_DAY.desc(), Indicator.id).options(defer(Article.text))


def _by_series(session: Session, statement: Select[Indicator, Article]) -> dict[UUID, list[Telling]]:
    found: dict[UUID, list[Telling]] = {}
    for row, article in session.execute(statement):
        found.setdefault(row.series_id, []).append((row, article))
    return found


def _between(query: IndicatorQuery | PointQuery) -> Iterable[ColumnElement[bool]]:
    if query.date_from is not None:
        yield Indicator.as_of >= query.date_from
    if query.date_to is not None:
        yield Indicator.as_of <= query.date_to


def _told(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a series has a telling that passes the conditions."""
    return select(Indicator.id).where(Indicator.series_id == IndicatorSeries.id, *conditions).exists()


def _conditions(session: Session, query: IndicatorQuery) -> Iterable[ColumnElement[bool]]:
    columns = (IndicatorSeries.kind, IndicatorSeries.subject, IndicatorSeries.period)
    for column, values in zip(columns, (query.kind, query.subject, query.period), strict=True):
        if values:
            yield column.in_(values)
    if query.programme is not None:
        yield IndicatorSeries.programme == query.programme
    if query.whose is not None:
        yield IndicatorSeries.bank_id.is_(None) if query.whose == "region" else IndicatorSeries.bank_id.is_not(None)
    if query.bank:
        yield IndicatorSeries.bank_id.in_(named.banks(session, query.bank))
    if query.region:
        yield or_(*(_within(session, number, name) for number, name in enumerate(query.region)))


def _within(session: Session, number: int, name: str) -> ColumnElement[bool]:
    """Of a region and all below it; a county or zone by the name that figures have it under."""
    if name == COUNTRY:
        return (IndicatorSeries.region == []) & IndicatorSeries.bank_id.is_(None)
    path = regions.lookup(name)
    if path is not None and name.startswith(path[-1]):
        indexed: ColumnElement[bool] = IndicatorSeries.region.contains([path[-1]])
        return indexed & (IndicatorSeries.region[len(path)] == path[-1])
    spellings = [name, name.removesuffix("市").removesuffix("县").removesuffix("区")]
    below: ColumnElement[bool] = IndicatorSeries.region.overlap(spellings)
    if path is None and session.scalar(select(IndicatorSeries.id).where(below).limit(1)) is None:
        raise Invalid.at(f"query.region.{number}", f"{name!r} is no place that Yinqi or a figure knows")
    return below

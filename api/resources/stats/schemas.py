"""What goes in and out of `/v1/stats`; docs/api.md tells the rules by which events count."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PlainSerializer, WithJsonSchema

from api.resources.events.filters import EventFilter
from api.resources.stats.periods import Period
from api.schemas import Day, Name, Out, examples

Dimension = Literal["month", "quarter", "year", "bank", "sector", "industry", "region", "city", "instrument", "status"]
_RATE = re.compile(r"([A-Z]{3}):([0-9]{1,7}(?:[.][0-9]{1,12})?)")
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]


def _rate(text: str) -> str:
    """`USD:7.1` as it is; `read_rate` takes it apart."""
    read_rate(text)
    return text


def read_rate(text: str) -> tuple[str, Decimal]:
    """The currency and what one unit of it is worth; ValueError for any other text."""
    found = _RATE.fullmatch(text)
    if not found or not Decimal(found[2]):
        raise ValueError(f"{text!r} is no rate: write USD:7.1 for a dollar of 7.1")
    return found[1], Decimal(found[2])


def _period(text: str) -> str:
    Period.read(text)
    return text


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


Rate = Annotated[Name, AfterValidator(_rate), WithJsonSchema({"type": "string", "examples": ["USD:7.1"]})]
PeriodIn = Annotated[Name, AfterValidator(_period), WithJsonSchema({"type": "string", "examples": ["2026-Q1"]})]
Total = Annotated[Decimal, PlainSerializer(_number, return_type=float), WithJsonSchema({"type": "number"})]


class StatsFilter(EventFilter):
    """Which events count: filters of events, and what is left out unless it is asked for."""

    state: Literal["live"] = Field("live", description="Events that stand; no others are counted")
    include: list[Literal["planned", "cooperation", "non_tech"]] = Field(
        [], max_length=3, description="What is left out else: plans, bare cooperation, firms that are no tech firms"
    )
    time: Literal["date", "first_seen"] = Field("date", description="When an event is: as told, or first seen by Yinqi")
    convert: Currency | None = Field(None, description="Give all sums in this currency too")
    rate: list[Rate] = Field([], max_length=50, description="USD:7.1: what one unit is worth in `convert` (or CNY)")
    rates: Day | None = Field(None, description="Day of the table of rates; the newest where no `rate` is stated")


class StatsQuery(StatsFilter):
    """Figures by one dimension."""

    by: Dimension = Field(description="What the events are grouped by")
    limit: int = Field(200, ge=1, le=1000, description="Most rows: the newest periods, else the largest rows")


class LeagueQuery(StatsFilter):
    """A league table of banks or firms."""

    of: Literal["bank", "firm"] = "bank"
    order: Literal["count", "sum"] = Field("count", description="By number, or by the sums in one currency")
    period: PeriodIn | None = Field(None, description="2026, 2026-H1, 2026-Q1 or 2026-03, compared with the one before")
    limit: int = Field(20, ge=1, le=200)


class MatrixQuery(StatsFilter):
    """Figures by two dimensions."""

    rows: Dimension = "bank"
    columns: Dimension = "sector"
    most_rows: int = Field(20, ge=1, le=200, description="Most rows: the newest periods, else the largest")
    most_columns: int = Field(20, ge=1, le=100, description="Most columns, likewise")


class SumOut(Out):
    """What `count` sums of one currency add up to: at least `min`, and `max` as far as it is told.

    `at_least` of them are open above: with them it may be more than `max`. `at_most` of them count 0 in `min`.
    `shared_min` and `shared_max` are the part of it that several banks share.
    """

    currency: str
    count: int
    min: Total
    max: Total
    at_least: int
    at_most: int
    about: int
    shared_min: Total
    shared_max: Total


class Figures(Out):
    """`count` events, of which `shared` are sums of several banks counted once, and the sums apart by currency.

    `converted` is the sum of all that has a rate, where `convert`, `rate` or `rates` asks for it.
    """

    count: int
    shared: int
    without_amount: int
    undated: int
    sums: list[SumOut]
    converted: SumOut | None


class RowOut(Figures):
    """The figures of one `key`: an id, slug, place or period; null where the events tell none."""

    key: str | None
    name: str | None


class RateOut(Out):
    """One unit of `currency` is `rate` of the currency converted to; `day` of the table, null where you stated it."""

    currency: str
    rate: Total
    day: date | None


class Basis(Out):
    """On what the figures stand: the `time` of an event, what is `left_out`, and the rates.

    `without_rate` are currencies that could not be converted.
    """

    time: str
    left_out: list[str]
    convert: str | None
    rates: list[RateOut]
    without_rate: list[str]


class Unplaced(Out):
    """Events that belong to no single period: undated ones, and those told for a longer time than it (`coarser`)."""

    undated: int
    coarser: int


_FIGURES = {
    "count": 2,
    "shared": 1,
    "without_amount": 0,
    "undated": 0,
    "sums": [
        {
            "currency": "CNY", "count": 2, "min": 330000000, "max": 330000000, "at_least": 1, "at_most": 0, "about": 0,
            "shared_min": 300000000, "shared_max": 300000000,
        }
    ],
    "converted": None,
}  # fmt: skip
_BASIS = {"time": "date", "left_out": ["planned", "cooperation", "non_tech"]}
_BASIS_: dict[str, Any] = {**_BASIS, "convert": None, "rates": [], "without_rate": []}


class StatsOut(Out):
    """Figures by one dimension; `more` rows were left off. `unplaced` is null unless `by` is a period."""

    model_config = examples(
        {
            "by": "month",
            "basis": _BASIS_,
            "total": _FIGURES,
            "rows": [{"key": "2026-03", "name": "2026-03", **_FIGURES}],
            "more": 0,
            "unplaced": {"undated": 0, "coarser": 0},
        }
    )

    by: Dimension
    basis: Basis
    total: Figures
    rows: list[RowOut]
    more: int
    unplaced: Unplaced | None


class LeagueRow(RowOut):
    """A bank or firm with its `rank`; `before` is its rank in the period before, `change` how many it has climbed.

    Both are null where no period is asked for, or where it had no rank then.
    """

    rank: int
    before: int | None
    change: int | None


class LeagueOut(Out):
    """A league table: `ranked` banks or firms in all; by sum, `currency` is that of the sums."""

    of: str
    order: str
    currency: str | None
    period: str | None
    period_before: str | None
    basis: Basis
    ranked: int
    rows: list[LeagueRow]


class CellOut(Figures):
    """The figures of a row and a column, by their keys."""

    row: str | None
    column: str | None


class MatrixOut(Out):
    """Figures by two dimensions: totals of the `rows` and `columns` shown, and the cells that are not empty."""

    basis: Basis
    total: Figures
    rows: list[RowOut]
    columns: list[RowOut]
    more_rows: int
    more_columns: int
    cells: list[CellOut]

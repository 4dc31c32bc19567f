"""Statistics and the activity index: their models, and the calls that answer them.

Sums are in units of their currency, from `min` to `max`; docs/api.md ("Statistics") and docs/index.md tell the rules.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from yinqi.base import Answer


class Sum(Answer):
    """What sums of one currency add up to: `at_least` of them are open above, `at_most` count 0 in `min`."""

    currency: str
    count: int
    min: float | int
    max: float | int
    at_least: int
    at_most: int
    about: int
    shared_min: float | int
    shared_max: float | int


class Figures(Answer):
    """How many events, how many of them `shared` by several banks and counted once, and their sums by currency."""

    count: int
    shared: int
    without_amount: int
    undated: int
    sums: list[Sum]
    converted: Sum | None


class Row(Figures):
    """The figures of one id, slug, place or period; `key` and `name` are None where the events tell none."""

    key: str | None
    name: str | None


class Rate(Answer):
    """One unit of `currency` is `rate` of the currency converted to; `day` of the table, None where you stated it."""

    currency: str
    rate: float | int
    day: date | None


class Basis(Answer):
    """On what figures stand: when an event is (`time`), what is `left_out`, and the rates."""

    time: str
    left_out: list[str]
    convert: str | None
    rates: list[Rate]
    without_rate: list[str]


class Unplaced(Answer):
    """Events that belong to no single period."""

    undated: int
    coarser: int


class Stats(Answer):
    """Figures by one dimension; `more` rows were left off."""

    by: str
    basis: Basis
    total: Figures
    rows: list[Row]
    more: int
    unplaced: Unplaced | None


class LeagueRow(Row):
    """A bank or firm with its `rank`, its rank `before`, and how many ranks it has climbed (`change`)."""

    rank: int
    before: int | None
    change: int | None


class League(Answer):
    """A league table of `ranked` banks or firms, of which `rows` are the first."""

    of: str
    order: str
    currency: str | None
    period: str | None
    period_before: str | None
    basis: Basis
    ranked: int
    rows: list[LeagueRow]


class Cell(Figures):
    """The figures of a row and a column."""

    row: str | None
    column: str | None


class Matrix(Answer):
    """Figures by two dimensions; cells that are empty are left out."""

    basis: Basis
    total: Figures
    rows: list[Row]
    columns: list[Row]
    more_rows: int
    more_columns: int
    cells: list[Cell]


class Point(Answer):
    """One quarter of an index; `count` and `amount` are None where too few events stand behind it."""

    quarter: str
    events: int
    priced: int
    count: float | None
    amount: float | None
    running: bool


class IndexBase(Answer):
    """What stands for 100, and whether its events and sums are enough."""

    events: int
    priced: int
    count: bool
    amount: bool


class Industry(Answer):
    """The index of one strategic emerging industry; `slug` is `all` for all of them together."""

    code: int
    slug: str
    name: str
    name_en: str
    sectors: list[str]
    base: IndexBase
    points: list[Point]


class ActivityIndex(Answer):
    """The index of all and of each industry."""

    base: str
    threshold: int
    basis: Basis
    unplaced: Unplaced
    industries: list[Industry]


class StatsCalls:
    """The client's calls for statistics; all take the filters of events, and `include`, `time`, `rate`, `convert`."""

    def stats(self, by: str, **filters: Any) -> Stats:
        """Count and amount by month, quarter, year, bank, sector, industry, region, city, instrument or status."""
        return Stats.model_validate(self._asked("/v1/stats", {"by": by, **filters}))

    def league(self, of: str = "bank", **filters: Any) -> League:
        """A league table of banks or firms; also order (count or sum), period (2026-Q1) and limit."""
        return League.model_validate(self._asked("/v1/stats/league", {"of": of, **filters}))

    def matrix(self, rows: str = "bank", columns: str = "sector", **filters: Any) -> Matrix:
        """Count and amount by two dimensions; also most_rows and most_columns."""
        return Matrix.model_validate(self._asked("/v1/stats/matrix", {"rows": rows, "columns": columns, **filters}))

    def activity_index(self, **filters: Any) -> ActivityIndex:
        """The quarterly index of each strategic emerging industry; also base (2025), quarters and end (2026-Q1)."""
        return ActivityIndex.model_validate(self._asked("/v1/index", filters))

    def _asked(self, path: str, query: Mapping[str, Any]) -> Any:
        raise NotImplementedError

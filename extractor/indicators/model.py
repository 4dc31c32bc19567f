"""What is read of a figure: plain frozen data, as `docs/indicators.md` tells it field by field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as day


@dataclass(frozen=True, slots=True)
class Change:
    """A change as told: percent (growth) or units of the figure (increment), against `base`, None where untold.

    `base`: year_before, year_start, half_before, quarter_before, month_before, before (环比, of a length untold).
    """

    value: float
    base: str | None
    qualifier: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure told by one article.

    `value` in units of `unit` (CNY and other currencies, count, percent), None where only its change is told. `bank`
    None: all banks of `region` (a path of short names, empty for the whole country). `date` is the end that it is of,
    or the period, as told (2024-09, 2024-H1); `as_of` its last day. `period`: end (a stock at that day), during,
    year_to_date, cumulative. `text[start:end] == quote` of the article's original text.
    """

    kind: str
    subject: str
    subject_text: str
    bank: str | None
    branch: str | None
    region: tuple[str, ...]
    unit: str
    value: float | None
    qualifier: str | None
    date: str | None
    as_of: day | None
    period: str
    growth: Change | None
    increment: Change | None
    quote: str
    start: int
    end: int
    confidence: float

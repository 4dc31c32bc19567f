"""Series of regional and sector figures and their points, as the API answers them (docs/indicators.md)."""

from datetime import date as day
from datetime import datetime
from uuid import UUID

from yinqi.base import Answer
from yinqi.models import Party


class Change(Answer):
    """A change as an article states it, against `base`: in percent (growth) or units of the series (increment)."""

    value: float
    base: str | None
    qualifier: str


class Computed(Answer):
    """Growth that Yinqi worked out: percent against the point `against`, a year before."""

    value: float
    against: str


class FigureSource(Answer):
    """One article's telling of a point."""

    article_id: UUID
    title: str
    url: str | None
    source: str | None
    published: datetime | None
    value: float | int | None
    qualifier: str | None
    growth: Change | None
    increment: Change | None
    subject_text: str
    quote: str
    start: int
    end: int
    confidence: float


class Point(Answer):
    """One value at one date. `growth` is stated by an article, `growth_computed` by Yinqi."""

    date: str | None
    as_of: day | None
    value: float | int | None
    qualifier: str | None
    growth: Change | None
    growth_computed: Computed | None
    increment: Change | None
    contradicted: bool
    confidence: float
    sources: list[FigureSource]


class Series(Answer):
    """One kind of figure of one class of firms, of one bank or of all banks of a region (`bank` None)."""

    id: UUID
    kind: str
    subject: str
    programme: str | None
    bank: Party | None
    branch: str | None
    region: list[str]
    unit: str
    period: str
    dates: int
    tellings: int
    first: day | None
    last: day | None
    latest: Point

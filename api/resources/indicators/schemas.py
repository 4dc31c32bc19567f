"""What goes in and out of `/v1/indicators`; field by field in docs/indicators.md."""

from datetime import date as day
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, ValidationInfo, WithJsonSchema, field_validator

from api.pagination import PageQuery
from api.resources.events.schemas import Party
from api.schemas import Day, Moment, Name, Out, examples, known
from extractor.data import rows

COUNTRY = "全国"  # a region filter for figures of all banks of the country
KINDS = (
    *("loan_balance", "credit_line", "financing_balance", "granted", "loans", "borrowers", "first_borrowers", "served"),
    *("loan_share", "first_loan_share", "unsecured_share", "interest_rate", "bad_loan_rate"),
)
PERIODS = ("end", "during", "year_to_date", "cumulative")
SUBJECTS = (*sorted({row["subject"] for row in rows("indicator_subjects")} - {"-"}), "programme")


Kind = Annotated[str, known("kind", KINDS), WithJsonSchema({"type": "string", "enum": KINDS})]
Period = Annotated[str, known("period", PERIODS), WithJsonSchema({"type": "string", "enum": PERIODS})]
Subject = Annotated[str, known("subject", SUBJECTS), WithJsonSchema({"type": "string", "enum": SUBJECTS})]


class IndicatorChange(Out):
    """A change as an article states it: `value` in percent (growth) or in the series' unit (increment)."""

    value: float | int
    base: str | None
    qualifier: str


class ComputedGrowth(Out):
    """Growth worked out from two points of the series: percent against the point `against`, a year before."""

    value: float
    against: str


class IndicatorSource(Out):
    """One article's telling of a point, with the value and changes told there."""

    article_id: UUID
    title: str
    url: str | None
    source: str | None
    published: Moment | None
    value: float | int | None
    qualifier: str | None
    growth: IndicatorChange | None
    increment: IndicatorChange | None
    subject_text: str
    quote: str
    start: int
    end: int
    confidence: float


_SOURCE = {
    "article_id": "019ab4c2-6f00-7000-8000-000000000003",
    "title": "科技贷款再上台阶",
    "url": "https://news.example.com/1",
    "source": "示例财经",
    "published": "2026-02-10T01:00:00.000Z",
    "value": 2100000000000,
    "qualifier": "exact",
    "growth": {"value": 15, "base": "year_before", "qualifier": "exact"},
    "increment": None,
    "subject_text": "科技型企业",
    "quote": "2025年末，江苏省科技型企业贷款余额2.1万亿元，同比增长15%",
    "start": 0,
    "end": 34,
    "confidence": 0.97,
}
_POINT = {
    "date": "2025-12",
    "as_of": "2025-12-31",
    "value": 2100000000000,
    "qualifier": "exact",
    "growth": {"value": 15, "base": "year_before", "qualifier": "exact"},
    "growth_computed": {"value": 14.75, "against": "2024-12"},
    "increment": None,
    "contradicted": False,
    "confidence": 0.97,
    "sources": [_SOURCE],
}


class IndicatorPoint(Out):
    """One value at one date. `growth` and `increment` are stated, `growth_computed` is ours."""

    model_config = examples(_POINT)

    date: str | None
    as_of: day | None
    value: float | int | None
    qualifier: str | None
    growth: IndicatorChange | None
    growth_computed: ComputedGrowth | None
    increment: IndicatorChange | None
    contradicted: bool
    confidence: float
    sources: list[IndicatorSource]


class IndicatorOut(Out):
    """A series: at how many `dates` it has points, how many `tellings` it has, and its `latest` point."""

    model_config = examples(
        {
            "id": "0b0f7c7e-98a1-5b5e-8a5e-0d6f5b2f8a11",
            "kind": "loan_balance",
            "subject": "tech",
            "programme": None,
            "bank": None,
            "branch": None,
            "region": ["江苏"],
            "unit": "CNY",
            "period": "end",
            "dates": 4,
            "tellings": 6,
            "first": "2024-12-31",
            "last": "2025-12-31",
            "latest": _POINT,
        }
    )

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
    latest: IndicatorPoint


class _Dated(PageQuery):
    date_from: Day | None = Field(None, description="Points of this day or later")
    date_to: Day | None = Field(None, description="Points of this day or earlier")

    @field_validator("date_to")
    @classmethod
    def _in_order(cls, value: Any, info: ValidationInfo) -> Any:
        floor = info.data.get("date_from")
        if value is not None and floor is not None and value < floor:
            raise ValueError("is below date_from")
        return value


class IndicatorQuery(_Dated):
    """Filters of `/v1/indicators`; all must hold, a repeated one holds where one of its values does."""

    kind: list[Kind] = Field([], max_length=20)
    subject: list[Subject] = Field([], max_length=50, description="Class of firms")
    region: list[Name] = Field([], max_length=50, description="Province, city, county or zone; 全国: the whole country")
    bank: list[Name] = Field([], max_length=100, description="Bank by any of its names, or by id")
    whose: Literal["region", "bank"] | None = Field(None, description="Of all banks of a region, or of one bank")
    period: list[Period] = Field([], max_length=4)
    programme: Name | None = Field(None, description="A named programme: 科创积分贷")
    article: UUID | None = Field(None, description="Series that this article tells")


class PointQuery(_Dated):
    """Which points of a series; `limit` counts dates, each of which comes whole."""

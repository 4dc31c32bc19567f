"""What goes in and out of `/v1/index`; docs/index.md tells the method."""

from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from api.resources.stats.periods import Period
from api.resources.stats.schemas import Basis, StatsFilter, Unplaced
from api.schemas import Name, Out, examples

BASE = "2025"  # the last full year before Yinqi's first release


def _base(text: str) -> str:
    if Period.read(text).parts > 4:
        raise ValueError(f"{text!r} is shorter than a quarter: write 2025, 2025-H1 or 2025-Q1")
    return text


def _quarter(text: str) -> str:
    if Period.read(text).parts != 4:
        raise ValueError(f"{text!r} is no quarter: write 2026-Q1")
    return text


BaseIn = Annotated[Name, AfterValidator(_base), WithJsonSchema({"type": "string", "examples": [BASE]})]
QuarterIn = Annotated[Name, AfterValidator(_quarter), WithJsonSchema({"type": "string", "examples": ["2026-Q1"]})]


class IndexQuery(StatsFilter):
    """Which events count, what stands for 100, and which quarters are shown."""

    base: BaseIn = Field(BASE, description="What is 100: a quarter, or the average quarter of a year or half-year")
    quarters: int = Field(12, ge=1, le=80, description="How many quarters are shown")
    end: QuarterIn | None = Field(None, description="The last of them, the running one unless given")


class PointOut(Out):
    """One quarter: the index of `count` and of `amount`, null where too few events stand behind it.

    `events` is how many do, `priced` how many of them tell a sum; `running`: the quarter is not over.
    """

    quarter: str
    events: int
    priced: int
    count: float | None
    amount: float | None
    running: bool


class BaseOut(Out):
    """What stands for 100: the `events` and told sums (`priced`) of the base period, and whether each are enough."""

    events: int
    priced: int
    count: bool
    amount: bool


class IndustryOut(Out):
    """The index of one industry; `slug` is `all` for all nine together. `sectors` are those counted for it."""

    code: int
    slug: str
    name: str
    name_en: str
    sectors: list[str]
    base: BaseOut
    points: list[PointOut]


class IndexOut(Out):
    """The index of all and of each industry, from quarter to quarter. `threshold`: fewer events give no figure."""

    model_config = examples(
        {
            "base": BASE,
            "threshold": 10,
            "basis": {
                "time": "date",
                "left_out": ["planned", "cooperation", "non_tech"],
                "convert": "CNY",
                "rates": [],
                "without_rate": [],
            },
            "unplaced": {"undated": 3, "coarser": 1},
            "industries": [
                {
                    "code": 4,
                    "slug": "biology",
                    "name": "生物产业",
                    "name_en": "Biology",
                    "sectors": ["biomedicine", "traditional_medicine"],
                    "base": {"events": 60, "priced": 48, "count": True, "amount": True},
                    "points": [
                        {
                            "quarter": "2026-Q1", "events": 18, "priced": 15, "count": 120.0, "amount": 96.4,
                            "running": False,
                        }
                    ],
                }
            ],
        }
    )  # fmt: skip

    base: str
    threshold: int
    basis: Basis
    unplaced: Unplaced
    industries: list[IndustryOut]

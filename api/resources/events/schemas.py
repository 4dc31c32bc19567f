"""What goes in and out of `/v1/events`; field by field in docs/events.md."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from api.pagination import PageQuery
from api.schemas import Instrument, Moment, MomentIn, Money, Name, Out, Status, examples
from core import regions

EXAMPLE: dict[str, Any] = {
    "id": "019ab4c2-6f1e-7c34-9d55-0d6f5b2f8a11",
    "version": 1,
    "state": "live",
    "merged_into": None,
    "bank": {"id": "019ab4c0-0000-7000-8000-000000000001", "name": "工商银行"},
    "branch": "苏州分行",
    "firm": {"id": "019ab4c0-0000-7000-8000-000000000002", "name": "示例机器人股份有限公司", "aliases": ["示例机器人"]},
    "firm_description": None,
    "tech": True,
    "sector": "robotics",
    "regions": ["江苏", "苏州"],
    "instrument": "tech_loan",
    "instrument_text": "科创贷",
    "amount": {"min": 30000000, "max": 30000000, "currency": "CNY", "qualifier": "exact"},
    "shared_amount": False,
    "date": "2026-03",
    "term_months": 24,
    "status": "granted",
    "confidence": 0.92,
    "first_seen": "2026-03-02T01:12:45.120Z",
    "last_seen": "2026-03-02T01:12:45.120Z",
    "evidence": [
        {
            "article_id": "019ab4c2-6f00-7000-8000-000000000003",
            "title": "一笔科创贷的故事",
            "url": "https://news.example.com/1",
            "source": "示例财经",
            "published": "2026-03-01T16:30:00.000Z",
            "quote": "工商银行苏州分行向示例机器人发放科创贷3000万元",
            "start": 120,
            "end": 143,
        }
    ],
}


class Party(Out):
    """A bank, by its head-office short name."""

    id: UUID
    name: str


class FirmParty(Party):
    """A firm with its other names."""

    aliases: list[str]


class Amount(Out):
    """A sum in units of `currency`; `qualifier` is exact, about, at_least, at_most or range."""

    min: float | int | None
    max: float | int | None
    currency: str
    qualifier: str | None


class EvidenceOut(Out):
    """One article's telling: `quote` is characters `start` to `end` of the article's text."""

    article_id: UUID
    title: str
    url: str | None
    source: str | None
    published: Moment | None
    quote: str
    start: int
    end: int


class Facts(Out):
    """The fields of the contract that need no register: those that versions record besides bank and firm."""

    branch: str | None
    firm_description: str | None
    tech: bool
    instrument: str
    instrument_text: str | None
    amount: Amount | None
    shared_amount: bool
    date: str | None
    term_months: int | None
    status: str


class EventOut(Facts):
    """One financing event. `evidence` is null where the list was asked for without it."""

    model_config = examples(EXAMPLE)

    id: UUID
    version: int
    state: Literal["live", "retracted", "merged"]
    merged_into: UUID | None
    bank: Party
    firm: FirmParty | None
    sector: str | None
    regions: list[str]
    confidence: float
    first_seen: Moment
    last_seen: Moment
    evidence: list[EvidenceOut] | None = None


class VersionOut(Out):
    """One version of an event: `facts` as they stood, `previous` the old values of what changed."""

    version: int
    type: Literal["event.created", "event.updated", "event.retracted"]
    at: Moment
    facts: dict[str, Any]
    previous: dict[str, Any] | None


class Versions(Out):
    """Every version of an event, oldest first."""

    items: list[VersionOut]


def _place(name: str) -> str:
    """The province's or city's short name, by which events keep their regions."""
    found = regions.lookup(name)
    if found is None:
        raise ValueError(f"{name!r} is no province, city or county that Yinqi knows")
    return found[-1]


Place = Annotated[Name, AfterValidator(_place)]


class EventQuery(PageQuery):
    """Filters of `/v1/events`; all of them must hold, a repeated one holds where one of its values does."""

    bank: list[Name] = Field([], max_length=100, description="Bank by any of its names, or by id")
    firm: list[Name] = Field([], max_length=100, description="Firm by any of its names, or by id")
    tech: bool | None = Field(None, description="Tech firms only, or none of them")
    instrument: list[Instrument] = Field([], max_length=50)
    sector: list[Name] = Field([], max_length=50)
    region: list[Place] = Field([], max_length=50, description="Province or city: 江苏, 苏州市")
    status: list[Status] = Field([], max_length=10)
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = Field(None, description="ISO 4217 code")
    min_amount: Money | None = Field(None, description="Least sum told, in units of its currency")
    max_amount: Money | None = Field(None, description="Largest sum told, in units of its currency")
    date_from: date | None = Field(None, description="Events whose told date reaches this day or a later one")
    date_to: date | None = Field(None, description="Events whose told date begins on this day or an earlier one")
    since: MomentIn | None = Field(None, description="First seen then or later; ISO date or date-time")
    confidence: float = Field(0.0, ge=0, le=1, description="Least confidence")
    state: Literal["live", "all"] = Field("live", description="`all` shows retracted and merged events too")
    evidence: bool = Field(True, description="False leaves the evidence out")

    @field_validator("max_amount")
    @classmethod
    def _amounts_in_order(cls, value: Any, info: ValidationInfo) -> Any:
        return _in_order(value, info, "min_amount")

    @field_validator("date_to")
    @classmethod
    def _dates_in_order(cls, value: Any, info: ValidationInfo) -> Any:
        return _in_order(value, info, "date_from")


def _in_order(value: Any, info: ValidationInfo, least: str) -> Any:
    floor = info.data.get(least)
    if value is not None and floor is not None and value < floor:
        raise ValueError(f"is below {least}")
    return value

"""What goes in and out of `/v1/events`; field by field in docs/events.md."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, create_model

from api.pagination import Page, PageQuery
from api.resources.events.filters import EventFilter
from api.resources.events.order import SORTS
from api.schemas import Moment, Out, examples, known

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
    "verdict": None,
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


class EvidencePlace(Out):
    """Where one article tells it: characters `start` to `end` of the article's text."""

    article_id: UUID
    source: str | None
    published: Moment | None
    start: int
    end: int


class EvidenceOut(EvidencePlace):
    """One article's telling: `quote` is characters `start` to `end` of the article's text."""

    title: str
    url: str | None
    quote: str


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
    """One financing event. `evidence` is null where it was asked for without."""

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
    verdict: Literal["corrected", "confirmed", "rejected"] | None
    first_seen: Moment
    last_seen: Moment
    evidence: list[EvidenceOut] | list[EvidencePlace] | None = None


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


_PARTS: Any = {name: (field.annotation, None) for name, field in EventOut.model_fields.items()}
EventPart = create_model("EventPart", __base__=Out, __doc__="The chosen fields of an event, and no other.", **_PARTS)


class EventPage(Page[EventOut]):
    """One page; `total` is null unless it was asked for."""

    total: int | None = None


class PartPage(Page[EventPart]):  # type: ignore[valid-type]
    """The same of chosen fields."""

    total: int | None = None


FIELDS = tuple(EventOut.model_fields)


def _fields(given: Any) -> Any:
    """Names apart by commas, in one parameter or several."""
    return [name.strip() for one in given for name in one.split(",")] if isinstance(given, list) else given


_ONE = "|".join(FIELDS)
_NAMES = WithJsonSchema({"type": "string", "pattern": f"^({_ONE})(,({_ONE}))*$", "examples": ["id,bank,amount"]})
EventField = Annotated[str, known("field of an event", FIELDS), _NAMES]


class Shown(BaseModel):
    """How events are shown."""

    model_config = ConfigDict(extra="forbid")

    fields: Annotated[list[EventField], BeforeValidator(_fields)] = Field(
        [], max_length=50, description="Only these fields, apart by commas: id,bank,amount"
    )
    evidence: Literal["none", "sparse", "full"] = Field(
        "full", description="`sparse` tells where each telling stands without headline, address and quote"
    )


class EventQuery(EventFilter, Shown, PageQuery):
    """A page of the events that pass a filter."""

    shown = frozenset({"fields", "evidence", "total"})

    sort: Literal[SORTS] = Field("-first_seen", description="- is the latest or largest first")  # type: ignore[valid-type]
    total: bool = Field(False, description="Counts what passes the filters on all pages")

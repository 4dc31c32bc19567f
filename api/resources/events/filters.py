"""Which events are meant: the filter that lists, figures, exports and dossiers share, and its SQL.

    found = matching(session, EventFilter(bank=["招行"], region=["苏州"]))   # a Select of Event
    session.scalar(select(func.count()).select_from(found.with_only_columns(Event.id).subquery()))

All that is given must hold; of a list, one of its values. What names nothing that is known is refused (Invalid).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from api.resources.events import named
from api.resources.events.named import Meant, Names
from api.resources.watchlists import subjects
from api.schemas import Day, Instrument, MomentIn, Money, Name, Status
from api.terms import Terms
from core import regions, sql
from core.models import Event
from core.sql import Condition
from core.watching import HEAD_OFFICE, branch_key

_OFFICE = re.compile(r"(分行|支行|营业部|管理部)$")


def _place(name: str) -> str:
    """A province's or city's name as `regions.lookup` knows it."""
    if regions.lookup(name) is None:
        raise ValueError(f"{name!r} is no province, city or county that Yinqi knows")
    return name


Place = Annotated[Name, AfterValidator(_place)]
Sector = Annotated[Name, AfterValidator(subjects.sector)]
Share = Annotated[float, Field(ge=0, le=1)]


class EventFilter(BaseModel):
    """Filters of events; all of them must hold, a repeated one holds where one of its values does."""

    model_config = ConfigDict(extra="forbid")

    bank: list[Name] = Field([], max_length=100, description="Bank by any of its names, or by id")
    branch: list[Name] = Field([], max_length=50, description="Branch with all below it; 总行: told without a branch")
    firm: list[Name] = Field([], max_length=100, description="Firm by any of its names, or by id")
    tech: bool | None = Field(None, description="Tech firms only, or none of them")
    instrument: list[Instrument] = Field([], max_length=50)
    sector: list[Sector] = Field([], max_length=50, description="The firm's sector, by slug or name")
    region: list[Place] = Field([], max_length=50, description="Province or city: 江苏, 苏州市")
    status: list[Status] = Field([], max_length=10)
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = Field(None, description="ISO 4217 code")
    min_amount: Money | None = Field(None, description="Least sum told, in units of its currency")
    max_amount: Money | None = Field(None, description="Largest sum told, in units of its currency")
    date_from: Day | None = Field(None, description="Events whose told date reaches this day or a later one")
    date_to: Day | None = Field(None, description="Events whose told date begins on this day or an earlier one")
    since: MomentIn | None = Field(None, description="First seen then or later; ISO date or date-time")
    until: MomentIn | None = Field(None, description="First seen before then; ISO date or date-time")
    confidence: Share = Field(0.0, description="Least confidence")
    source: list[Name] = Field(
        [], max_length=50, description="Source of a telling article by id or name, or its outlet"
    )
    q: Name | None = Field(None, description="Pieces of two signs or more, all of which stand in one of its quotes")
    state: Literal["live", "all"] = Field("live", description="`all` shows retracted and merged events too")

    @field_validator("max_amount")
    @classmethod
    def _amounts_in_order(cls, value: Any, info: ValidationInfo) -> Any:
        return _in_order(value, info, "min_amount")

    @field_validator("date_to")
    @classmethod
    def _dates_in_order(cls, value: Any, info: ValidationInfo) -> Any:
        return _in_order(value, info, "date_from")

    @field_validator("until")
    @classmethod
    def _moments_in_order(cls, value: Any, info: ValidationInfo) -> Any:
        return _in_order(value, info, "since")

    @field_validator("q")
    @classmethod
    def _long_enough(cls, value: str | None) -> str | None:
        if value is not None:
            Terms.of(value)
        return value


def _in_order(value: Any, info: ValidationInfo, least: str) -> Any:
    floor = info.data.get(least)
    if value is not None and floor is not None and value < floor:
        raise ValueError(f"is below {least}")
    return value


LIVE = Condition("event.state = 'live'")  # as it stands in the indexes of what is live


class InOrder(Condition):
    """Rows that an index has in the order in which they were first seen (core/models/events.py)."""


@dataclass(frozen=True)
class OfEach(InOrder):
    """The same of each of those whom `named` means in a `column` (named.NAMED)."""

    column: str = ""

    @classmethod
    def of(cls, column: str) -> "OfEach":
        """As a condition."""
        return cls(f"event.{column} = ANY(CAST((SELECT {column} FROM named) AS uuid[]))", column=column)  # noqa: S608 - a column of ours


def matching(session: Session, asked: EventFilter) -> Select[Any]:
    """The events that pass every filter, in no order; Invalid where a name is none that Yinqi knows."""
    found = [*conditions(asked, named.found(session, names(asked))), *seen_within(asked)]
    return select(Event).select_from(Event).where(*(one.clause() for one in found))


def names(asked: EventFilter) -> Names:
    """The names in it, which must be looked up first."""
    return Names(asked.bank, asked.firm, asked.source)


def conditions(asked: EventFilter, meant: Meant) -> list[Condition]:
    """The same as conditions on `event`, all but when they were first seen."""
    return [*_chosen(asked), *_of(asked, meant), *_ranges(asked)]


def is_of_rows_alone(asked: EventFilter) -> bool:
    """Whether they speak of nothing but the event's own row."""
    return not asked.source and asked.q is None


def is_in_order(found: Sequence[Condition]) -> bool:
    """Whether an index has all that pass in the order in which they were first seen, but for what is not live."""
    chosen = [one for one in found if one is not LIVE]
    return len(chosen) == 1 and isinstance(chosen[0], InOrder)


def seen_within(asked: EventFilter) -> Iterable[Condition]:
    """When they were first seen."""
    if asked.since is not None:
        yield Condition("event.first_seen >= :since", {"since": asked.since})
    if asked.until is not None:
        yield Condition("event.first_seen < :until", {"until": asked.until})


def _chosen(asked: EventFilter) -> Iterable[Condition]:
    if asked.state == "live":
        yield LIVE
    for column in ("instrument", "sector", "status"):
        if values := getattr(asked, column):
            yield _one_of(column, values)
    for column in ("tech", "currency"):
        if (value := getattr(asked, column)) is not None:
            yield _one_of(column, [value])
    if asked.region:
        yield _any_of(_in_region(name, f"region_{number}") for number, name in enumerate(asked.region))
    if asked.branch:
        yield _any_of(_of_branch(name, f"branch_{number}") for number, name in enumerate(asked.branch))
    if asked.q is not None:
        yield _quoted(Terms.of(asked.q))


def _of(asked: EventFilter, meant: Meant) -> Iterable[Condition]:
    for column, named_so, ids in (("bank_id", asked.bank, meant.bank), ("firm_id", asked.firm, meant.firm)):
        if named_so:
            yield OfEach.of(column) if meant.inside else _one_of(column, ids)
    if asked.source:
        yield _told_by(meant)


def _ranges(asked: EventFilter) -> Iterable[Condition]:
    """Ranges that may meet: as one condition, since PostgreSQL would take two for independent of one another."""
    if (asked.min_amount, asked.max_amount) != (None, None):
        ends = {"min_amount": asked.min_amount, "max_amount": asked.max_amount}
        yield Condition("event.amounts && numrange(:min_amount, :max_amount, '[]')", ends)
    if (asked.date_from, asked.date_to) != (None, None):
        days = {"date_from": asked.date_from, "date_to": asked.date_to}
        yield Condition("event.days && daterange(:date_from, :date_to, '[]')", days)
    if asked.confidence:
        yield Condition("event.confidence >= :confidence", {"confidence": asked.confidence})


def _one_of(column: str, values: Sequence[Any]) -> Condition:
    """Of one value by equality, so that its index answers in its own order."""
    if len(values) == 1:
        return InOrder(f"event.{column} = :{column}", {column: values[0]})
    return Condition(f"event.{column} = ANY(:{column})", {column: list(values)})


def _any_of(conditions: Iterable[Condition]) -> Condition:
    every = list(conditions)
    if len(every) == 1:
        return every[0]
    return Condition(f"({' OR '.join(one.text for one in every)})", sql.values_of(every))


def _in_region(name: str, value: str) -> Condition:
    """Events keep the province, then the city; 吉林 is both. The place stands in the statement as in its index."""
    path = regions.lookup(name) or ()
    return InOrder(f"event.regions[{len(path)}] = :{value}", {value: path[-1]})


def _of_branch(name: str, value: str) -> Condition:
    """苏州分行 is also told as 苏州分行园区支行, 上海分行 as 上海市分行; the head office is told by no branch."""
    if name == HEAD_OFFICE:
        return Condition(f"(event.branch IS NULL OR event.branch = '{HEAD_OFFICE}')")
    told = {name, branch_key(name), *(_OFFICE.sub(rf"{town}\1", branch_key(name)) for town in "市省")}
    return _any_of(
        Condition(f"event.branch LIKE :{value}_{number}", {f"{value}_{number}": f"{_literally(one)}%"})
        for number, one in enumerate(sorted(told))
    )


def _quoted(terms: Terms) -> Condition:
    """Events one of whose quotes holds all pieces: found by their pairs of signs, and compared with the text.

    PostgreSQL takes `<> 0` to hold of nearly all rows, as it does of those that have the pairs; LIKE, of far fewer.
    """
    pieces = [
        Condition(f"strpos(quote_index.plain, :piece_{number}) <> 0", {f"piece_{number}": piece})
        for number, piece in enumerate(terms.pieces)
    ]
    every = [Condition("quote_index.grams @> CAST(:grams AS integer[])", {"grams": terms.grams}), *pieces]
    found = "SELECT evidence.event_id FROM evidence JOIN quote_index ON quote_index.evidence_id = evidence.id"
    return Condition(f"event.id IN ({found} WHERE {sql.all_of(every)})", sql.values_of(every))


def _told_by(meant: Meant) -> Condition:
    """One of whose articles is of these sources, or bears these outlets' names."""
    values = {"sources": list(meant.source), "outlets": list(meant.outlets)}
    sources, outlets = ":sources", ":outlets"
    if meant.inside:
        sources, outlets = "(SELECT source_id FROM named)", ":source_names"
    found = "SELECT evidence.event_id FROM evidence JOIN article ON article.id = evidence.article_id"
    source = f"article.source_id = ANY(CAST({sources} AS uuid[]))"
    outlet = f"article.source_name = ANY(CAST({outlets} AS text[]))"
    return Condition(f"event.id IN ({found} WHERE {source} OR {outlet})", values)


def _literally(text: str) -> str:
    """As LIKE takes it for itself."""
    return re.sub(r"[\\%_]", r"\\\g<0>", text)

"""Which events are meant: the filter that lists, figures, exports and dossiers share, and its SQL.

    found = matching(session, EventFilter(bank=["招行"], region=["苏州"]))   # a Select of Event
    session.scalar(select(func.count()).select_from(found.with_only_columns(Event.id).subquery()))

All that is given must hold; of a list, one of its values. What names nothing that is known is refused (Invalid).
"""

import re
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from sqlalchemy import ColumnElement, Select, literal_column, or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from api.resources.events import named
from api.resources.watchlists import subjects
from api.schemas import Day, Instrument, MomentIn, Money, Name, Status
from api.terms import Terms
from core import regions, sql
from core.models import Article, Event, Evidence, QuoteIndex
from core.watching import HEAD_OFFICE, branch_key

_event = sql.table(Event).c  # columns without an entity around them are composed and asked for twice as fast
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


def matching(session: Session, asked: EventFilter) -> Select[Any]:
    """The events that pass every filter, in no order; Invalid where a name is none that Yinqi knows."""
    return select(Event).where(*conditions(session, asked))


def conditions(session: Session, asked: EventFilter, *, seen: bool = True) -> list[ColumnElement[bool]]:
    """The same as conditions on the event's columns; without `seen`, all but when they were first seen."""
    return [*_chosen(session, asked), *_ranges(asked), *(seen_within(asked) if seen else ())]


def is_of_rows_alone(asked: EventFilter) -> bool:
    """Whether they speak of nothing but the event's own row."""
    return not asked.source and asked.q is None


def _chosen(session: Session, asked: EventFilter) -> Iterable[ColumnElement[bool]]:
    if asked.state == "live":
        yield _event.state == "live"
    if asked.bank:
        yield _one_of(_event.bank_id, named.banks(session, asked.bank))
    if asked.firm:
        yield _one_of(_event.firm_id, named.firms(session, asked.firm))
    for column, values in ((_event.instrument, asked.instrument), (_event.sector, asked.sector)):
        if values:
            yield _one_of(column, values)
    if asked.status:
        yield _one_of(_event.status, asked.status)
    if asked.tech is not None:
        yield _event.tech == asked.tech
    if asked.currency is not None:
        yield _event.currency == asked.currency
    if asked.region:
        yield or_(*(_in_region(name) for name in asked.region))
    if asked.branch:
        yield or_(*(_of_branch(name) for name in asked.branch))
    if asked.source:
        yield _told_by(session, asked.source)
    if asked.q is not None:
        yield _event.id.in_(_quoted(Terms.of(asked.q)))


def _ranges(asked: EventFilter) -> Iterable[ColumnElement[bool]]:
    """Ranges that may meet: as one condition, since PostgreSQL would take two for independent of one another."""
    if (asked.min_amount, asked.max_amount) != (None, None):
        yield _event.amounts.overlaps(Range(asked.min_amount, asked.max_amount, bounds="[]"))
    if (asked.date_from, asked.date_to) != (None, None):
        yield _event.days.overlaps(Range(asked.date_from, asked.date_to, bounds="[]"))
    if asked.confidence:
        yield _event.confidence >= asked.confidence


def seen_within(asked: EventFilter) -> Iterable[ColumnElement[bool]]:
    """When they were first seen."""
    if asked.since is not None:
        yield _event.first_seen >= asked.since
    if asked.until is not None:
        yield _event.first_seen < asked.until


def _one_of(column: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    """Of one value by equality, so that an index can answer in its own order."""
    only: ColumnElement[bool] = column == values[0] if len(values) == 1 else column.in_(values)
    return only


def _in_region(name: str) -> ColumnElement[bool]:
    """Events keep the province, then the city; 吉林 is both. The place stands in the statement as in its index."""
    path = regions.lookup(name) or ()
    return _event.regions[literal_column(str(len(path)))] == path[-1]


def _of_branch(name: str) -> ColumnElement[bool]:
    """苏州分行 is also told as 苏州分行园区支行, 上海分行 as 上海市分行; the head office is told by no branch."""
    if name == HEAD_OFFICE:
        return or_(_event.branch.is_(None), _event.branch == name)
    told = {name, branch_key(name), *(_OFFICE.sub(rf"{town}\1", branch_key(name)) for town in "市省")}
    return or_(*(_event.branch.startswith(one, autoescape=True) for one in sorted(told)))


def _quoted(terms: Terms) -> Select[Any]:
    """Events one of whose quotes holds all pieces: found by their pairs of signs, and compared with the text."""
    found = select(Evidence.event_id).join(QuoteIndex, QuoteIndex.evidence_id == Evidence.id)
    found = found.where(QuoteIndex.grams.contains(terms.grams))
    return found.where(*(QuoteIndex.plain.contains(piece, autoescape=True) for piece in terms.pieces))


def _told_by(session: Session, names: list[str]) -> ColumnElement[bool]:
    """One of whose articles is of these sources, or bears these outlets' names."""
    ids, outlets = named.sources(session, names)
    told = select(Evidence.event_id).join(Article, Article.id == Evidence.article_id)
    return _event.id.in_(told.where(or_(Article.source_id.in_(ids), Article.source_name.in_(outlets))))

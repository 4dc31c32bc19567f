"""Which events count, and what is counted of them, as one subquery that the statistics' statements build on."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import TIMESTAMP, ColumnElement, Date, Select, Subquery, case, cast, func, literal, null, or_, select
from sqlalchemy.orm import Session

from api.resources.events.filters import matching
from api.resources.stats.industries import of_sector
from api.resources.stats.periods import UNITS, Period
from api.resources.stats.schemas import StatsFilter
from core.clock import SHANGHAI
from core.instruments import STATUSES
from core.models import Event, Firm

COARSER = date(1, 1, 1)  # stands for "told for a longer time than this": no event has it
BARE = "cooperation"  # as a status and as an instrument

# Where all is in memory one page costs little more than the next, and what is grouped by days is less than expected.
# PostgreSQL's own (4.0, 4 MB) are for a turning disk and for many small sorts. An index that is read as a whole costs
# what PostgreSQL takes for it, and not what it does for a page of a list (core/database.serve_questions).
_IN_MEMORY = select(
    func.set_config("random_page_cost", "1.1", True),
    func.set_config("work_mem", "32MB", True),
    func.set_config("cpu_index_tuple_cost", "0.005", True),
)


def left_out(asked: StatsFilter) -> list[str]:
    """What does not count unless it is asked for, by `include` or by a filter that names it."""
    named = {"planned": "planned" in asked.status, "non_tech": asked.tech is not None}
    named[BARE] = BARE in asked.status or BARE in asked.instrument
    return [what for what in ("planned", BARE, "non_tech") if what not in asked.include and not named[what]]


def in_memory(session: Session) -> None:
    """Let the rest of this transaction be planned for looks at many events."""
    session.execute(_IN_MEMORY)


def counted(session: Session, asked: StatsFilter, *also: ColumnElement[bool], within: Period | None = None) -> Subquery:
    """The events that count; `first` and `last` are the first and the last day that each may be of, null if unknown.
    `also`: further conditions on Event."""
    found = matching(session, asked).where(*_conditions(asked), *also).outerjoin(Firm, Firm.id == Event.firm_id)
    first, last = _days(asked)
    if within is not None:
        found = found.where(first >= within.days[0], last <= within.days[1])
    columns: tuple[Any, ...] = (
        Event.bank_id.label("bank"),
        Event.firm_id.label("firm_row"),
        func.coalesce(Firm.merged_into, Event.firm_id).label("firm"),
        Event.sector,
        Event.regions[1].label("region"),
        Event.regions[2].label("city"),
        Event.instrument,
        Event.status,
        first.label("first"),
        last.label("last"),
        Event.shared_amount.label("shared"),
        func.coalesce(Event.facility_id, Event.id).label("facility"),
        Event.currency,
        Event.amount_min.label("least"),
        Event.amount_max.label("most"),
        Event.qualifier,
    )
    return found.with_only_columns(*columns).subquery("counted")


def of(kind: Literal["bank", "firm"], ids: Collection[UUID]) -> ColumnElement[bool]:
    """That an event is of one of these banks, or of these firms and the rows that were found to be one with them."""
    return Event.bank_id.in_(ids) if kind == "bank" else Event.firm_id.in_(rows_of(ids))


def rows_of(firms: Collection[UUID]) -> Select[UUID]:
    """Firms with the rows that were found to be one with them."""
    return select(Firm.id).where(or_(Firm.id.in_(firms), Firm.merged_into.in_(firms)))


def _conditions(asked: StatsFilter) -> Iterable[ColumnElement[bool]]:
    out = left_out(asked)
    if "planned" in out or BARE in out:  # by what is left, for an index finds nothing by what it must not be
        yield Event.status.in_([status for status in STATUSES if status not in out])
    if BARE in out:
        yield Event.instrument != BARE
    if "non_tech" in out:
        yield Event.tech.is_(True)


def _days(asked: StatsFilter) -> tuple[Any, Any]:
    """00:30 on 1 March in China is March."""
    if asked.time == "date":
        return Event.date_from, Event.date_to
    seen = cast(func.timezone(str(SHANGHAI), Event.first_seen), Date)
    return seen, seen


def dimension(facts: Subquery, by: str) -> ColumnElement[Any]:
    """What events are grouped by: a period's first day, the slug of an industry, or a column of `facts`."""
    if by == "industry":
        return case(of_sector(), value=facts.c.sector, else_=null())
    if by not in UNITS:
        return facts.c[by]
    # a day of the calendar has no zone: to look one up for each row would take most of the time
    first, last = facts.c.first, facts.c.last
    begins, ends = (func.date_trunc(by, cast(day, TIMESTAMP)) for day in (first, last))
    within = or_(first == last, begins == ends)
    return case((first.is_(None), None), (within, cast(begins, Date)), else_=literal(COARSER, Date))

"""One page of events in any order, that costs the same at any depth and however many events there are.

The page starts after the last row of the one before: its sort value and its id, which are signed into the cursor.
What has no such value comes last in both directions. Rows that are added meanwhile neither shift nor repeat a page.

Most pages are full after the next few rows of the order, so these alone are looked at first, and then some more: that
is cheap whatever is asked, and by what they hold it is known whether what is asked is rare. If so, PostgreSQL is kept
from reading on row by row (it takes filters for independent of one another and of time, and would walk through the
whole history for a few rows): what passes the filters is found through their indexes, and sorted.

An event is told when it happens or soon after, so that its day and the time when it was first seen go together. What
happened long ago is common and yet far from the newest rows, and what is yet to happen stands in none of the oldest.
Few events are first told long after (LOOKS_BACK) or before their last day (LOOKS_AHEAD), and these have indexes of
their own: outside the time in which the others can have been told, only they are looked at.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Select, TextClause, func, literal_column, select, text, tuple_
from sqlalchemy.orm import Session

from api import pagination
from api.deps import Asking, beside_key
from api.planning import expected
from api.resources.events import written
from api.resources.events.filters import EventFilter, conditions, is_of_rows_alone
from core import sql
from core.models import Event
from core.models.events import LATE, LOOKS_AHEAD, LOOKS_BACK

if TYPE_CHECKING:  # which offers SORTS
    from api.resources.events.schemas import EventQuery

NEAR, FAR = 1000, 50_000  # rows of the order that are looked at first, and then at most
AMPLE = 4  # times as many rows are looked at then as would do if those that pass were spread evenly
CHEAP = 2000  # rows that PostgreSQL expects to read, up to which it is not worth to look at more first
FEW = 20  # times fewer events look back or ahead than do not, at a guess
RARE = 30_000  # rows that PostgreSQL expects to read at any step, up to which all that pass the filters are sorted
_event = sql.table(Event).c
_seen = _event.first_seen
_FIRST = date.min + timedelta(days=1)  # an earlier day is as good as this one
_LAST = date.max - timedelta(days=LATE + 1)  # and a later one as this

# Up to when all is committed: a row is first seen when its transaction began, and may be there only later. Whoever
# reads on at the end of the history must not pass it by. Transactions of half a minute are not waited for. Asked for
# once for all statements of a page, of which a later one would reach further and pass by what came between.
_SETTLED = text(
    "SELECT greatest(now() - interval '30 seconds', coalesce(min(xact_start), now())) FROM pg_stat_activity "
    "WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


@dataclass(frozen=True)
class Order:
    """By `key` and then by id; `read` makes a value of the key out of its text in a cursor."""

    key: Any
    read: Callable[[str], Any]
    nullable: bool
    falling: bool

    @cached_property
    def places(self) -> Select[Any]:
        """The places of all events, in the order."""
        return select(self.key.label("key"), _event.id).order_by(*self.sorted([self.key, _event.id]))

    @cached_property
    def rows(self) -> Select[Any]:
        """All events, in the order; their columns are not written out, which would take longer than to ask for them."""
        every: Select[Any] = select(literal_column("*")).select_from(sql.table(Event))
        return every.order_by(*self.sorted([self.key, _event.id]))

    def after(self, key: Any, row: UUID) -> ColumnElement[bool]:
        """Which rows follow that one."""
        mine, place = tuple_(self.key, _event.id), tuple_(key, row)
        return mine < place if self.falling else mine > place

    def up_to(self, key: Any, row: UUID) -> ColumnElement[bool]:
        """Which rows stand before that one, itself included."""
        mine, place = tuple_(self.key, _event.id), tuple_(key, row)
        return mine >= place if self.falling else mine <= place

    def sorted(self, columns: Sequence[Any]) -> list[Any]:
        """What to sort by."""
        return [column.desc() if self.falling else column.asc() for column in columns]


_KEYS: dict[str, tuple[Any, Callable[[str], Any], bool]] = {
    "first_seen": (_seen, datetime.fromisoformat, False),
    "date": (_event.date_from, date.fromisoformat, True),
    "amount": (func.coalesce(_event.amount_max, _event.amount_min), Decimal, True),
    "confidence": (_event.confidence, float, False),
}
_ORDERS = {f"{sign}{name}": Order(*key, sign == "-") for name, key in _KEYS.items() for sign in ("-", "")}
SORTS = tuple(_ORDERS)  # - is the largest, or latest, first
_UNFILTERED = frozenset({"state", "sort", "limit", "cursor", "fields", "evidence", "total"})


Place = tuple[Any, UUID]
"""The sort value and the id of a row."""
Conditions = Sequence[ColumnElement[bool] | TextClause]


def page(session: Session, query: "EventQuery") -> tuple[list[UUID], str | None]:
    """The ids of one page of the events that pass a filter, in the order asked for, and the cursor of the next page."""
    order, limit, bound = _ORDERS[query.sort], query.limit, query.bound("events")
    after = None if query.cursor is None else _opened(order, bound, query.cursor)
    found = conditions(session, query, seen=order.key is not _seen)
    settled = session.scalar(_SETTLED) if query.sort == "first_seen" else None
    rows: list[Place] = []
    if after is None or after[0] is not None:
        for stretch in _stretches(order, query, settled):
            if len(rows) <= limit:
                rows += _with_value(session, found, after, stretch, limit + 1 - len(rows))
        after = None
    if order.nullable and len(rows) <= limit:
        rows += _without(session, found, order, after, limit + 1 - len(rows))
    if len(rows) <= limit:
        return [row for _, row in rows], None
    return [row for _, row in rows[:limit]], _sealed(bound, rows[limit - 1])


def is_plain(query: "EventQuery") -> bool:
    """Whether the newest events of all are asked for, or the live ones: what feeds show, and programs look at first."""
    return query.sort == "-first_seen" and query.model_fields_set <= _UNFILTERED and not query.total


def newest(asking: Asking, query: "EventQuery") -> tuple[bytes, str | None]:
    """Such a page for who asks: its events as JSON objects apart by commas, and the cursor of the next page."""
    bound, values = query.bound("events"), dict[str, Any]()
    if query.cursor is not None:
        with asking.before_refusal():
            values["moment"], values["id"] = _opened(_ORDERS[query.sort], bound, query.cursor)
    live, fields = query.state == "live", frozenset(query.fields)
    row = asking.row(_newest(query.evidence, fields, query.limit, live, bool(values)), **values)
    return row.json or b"", None if row.id is None else _sealed(bound, (row.moment, row.id))


@lru_cache(maxsize=256)
def _newest(evidence: str, fields: frozenset[str], limit: int, live: bool, after: bool) -> sql.Query:
    return beside_key(written.newest(evidence, fields, limit, live=live, after=after))


@dataclass(frozen=True)
class Stretch:
    """A part of an order: first seen from `low` on and before `high`, what else holds of it, how many times fewer rows
    it has than all, and whether each of them can be judged by itself."""

    order: Order
    low: datetime | None = None
    high: datetime | None = None
    also: Conditions = ()
    fewer: int = 1
    alone: bool = True

    def within(self, after: Place | None, edge: Place | None = None) -> list[ColumnElement[bool] | TextClause]:
        """Its rows that follow `after`, up to `edge`.

        With one condition on each side: of two, PostgreSQL may read on to the one that lies further away.
        """
        order = self.order
        low, high = (None if self.low is None else _seen >= self.low), None if self.high is None else _seen < self.high
        begin, end = (high, low) if order.falling else (low, high)
        if after is not None and (begin is None or self._holds(after)):
            begin = order.after(*after)
        elif after is None and order.nullable:
            begin = order.key.is_not(None)
        if edge is not None:
            end = order.up_to(*edge)
        return [*self.also, *(one for one in (begin, end) if one is not None)]

    def _holds(self, place: Place) -> bool:
        """Whether the place lies beyond its beginning."""
        return bool(self.high and place[0] < self.high if self.order.falling else self.low and place[0] >= self.low)


def _stretches(order: Order, asked: EventFilter, settled: datetime | None) -> list[Stretch]:
    """The parts, one after the other, in which all lies that is asked for, and that was first seen before `settled`."""
    alone = is_of_rows_alone(asked)
    if order.key is not _seen:
        return [Stretch(order, alone=alone)]
    since, until = asked.since, _earliest(asked.until, settled)
    first, last = _seen_from(asked.date_from), _seen_until(asked.date_to)
    parts = [Stretch(order, _latest(since, first), _earliest(until, last), alone=alone)]
    if last is not None:
        late = (LOOKS_BACK, func.lower(_event.days) <= asked.date_to)
        parts.insert(0, Stretch(order, _latest(since, last), until, late, FEW, alone))
    if first is not None:
        early = (LOOKS_AHEAD, func.upper(_event.days) > asked.date_from)
        parts.append(Stretch(order, since, _earliest(until, first), early, FEW, alone))
    return parts if order.falling else parts[::-1]


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((one for one in moments if one is not None), default=None)


def _latest(*moments: datetime | None) -> datetime | None:
    return max((one for one in moments if one is not None), default=None)


def _seen_from(day: date | None) -> datetime | None:
    """Before then nothing that happened on that day or later was told, but by what looks ahead."""
    return None if day is None else datetime.combine(max(day, _FIRST) - timedelta(days=1), time(), UTC)


def _seen_until(day: date | None) -> datetime | None:
    """From then on nothing that happened on that day or earlier was told, but by what looks back."""
    return None if day is None else datetime.combine(min(day, _LAST) + timedelta(days=LATE + 1), time(), UTC)


def _with_value(session: Session, found: Conditions, after: Place | None, stretch: Stretch, most: int) -> list[Place]:
    """Rows of a stretch that have a sort value."""
    order = stretch.order
    if len(found) < 2:  # at most the state: what comes next is the page
        return _walk(session, order, [*found, *stretch.within(after)], most)
    rows: list[Place] = []
    cost = passed = 0
    for near in (True, False):
        many = NEAR if near else min(FAR // stretch.fewer, AMPLE * passed * (most - len(rows)) // max(1, len(rows)))
        edge = _edge(session, order, stretch.within(after), many)
        within = stretch.within(after, edge)
        if edge and stretch.alone and (near or rows):
            rows += _look(session, order, found, within, most - len(rows))
        else:
            rows += _walk(session, order, [*found, *within], most - len(rows))
        if edge is None or len(rows) == most:
            return rows
        passed += many
        after = edge
        cost = expected(session, select(_event.id).where(*found, *stretch.within(after)))
        if cost <= CHEAP:
            break
    missing = most - len(rows)  # to walk on until they are met costs what the rows until here tell, or nobody knows
    is_rare = cost <= min(passed * missing / max(1, len(rows)), RARE // stretch.fewer)
    return rows + (_sort if is_rare else _walk)(session, order, [*found, *stretch.within(after)], missing)


def _edge(session: Session, order: Order, within: Conditions, many: int) -> Place | None:
    """The last of so many rows; None where no more are there."""
    row = session.execute(order.places.where(*within).offset(many).limit(1)).first()
    return None if row is None else (row[0], row[1])


def _without(session: Session, found: Conditions, order: Order, after: Place | None, most: int) -> list[Place]:
    """Rows without a sort value, by their ids."""
    asked = select(_event.id).where(*found, order.key.is_(None))
    if after is not None:
        asked = asked.where(_event.id < after[1] if order.falling else _event.id > after[1])
    return [(None, row) for row in session.scalars(asked.order_by(*order.sorted([_event.id])).limit(most))]


def _walk(session: Session, order: Order, asked: Conditions, most: int) -> list[Place]:
    return _places(session, order.places.where(*asked).limit(most))


def _look(session: Session, order: Order, found: Conditions, within: Conditions, most: int) -> list[Place]:
    """The same of rows that are few or mostly full, read before any filter: its index would tell of all that pass it.

    They take the name of the table, which filters speak of; OFFSET 0 keeps PostgreSQL from making one search of both.
    """
    rows = order.rows.where(*within).offset(literal_column("0")).cte("event")
    return _places(session, order.places.where(*found).limit(most).add_cte(rows))


def _sort(session: Session, order: Order, asked: Conditions, most: int) -> list[Place]:
    """The same, of all that is asked: OFFSET 0 keeps the order and the limit from choosing the way there."""
    every = order.places.order_by(None).where(*asked).offset(literal_column("0")).subquery()
    keyed = select(every.c.key, every.c.id).order_by(*order.sorted([every.c.key, every.c.id])).limit(most)
    return _places(session, keyed)


def _places(session: Session, asked: Select[Any]) -> list[Place]:
    return [(key, row) for key, row in session.execute(asked).all()]


def _sealed(bound: str, place: Place) -> str:
    key = place[0].isoformat() if isinstance(place[0], date) else None if place[0] is None else str(place[0])
    return pagination.seal(bound, orjson.dumps([key, place[1]]))


def _opened(order: Order, bound: str, cursor: str) -> Place:
    key, row = orjson.loads(pagination.unseal(bound, cursor))
    return (None if key is None else order.read(key)), UUID(row)

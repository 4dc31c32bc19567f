"""One page of events in any order, that costs the same at any depth and however many events there are.

The page starts after the last row of the one before: its sort value and its id, which are signed into the cursor.
What has no such value comes last in both directions. Rows that are added meanwhile neither shift nor repeat a page.

Most pages are full after the next few rows of the order, so these alone are looked at first, and then some more: that
is cheap whatever is asked, and by what they hold it is known whether what is asked is rare. If so, PostgreSQL is kept
from reading on row by row (it takes filters for independent of one another and of time, and would walk through the
whole history for a few rows): what passes the filters is found through their indexes, and sorted; where much of it is
expected, of a part of the time first.

The statement that ends the page also writes its events (written.py), and the first one finds the key of who asks
beside it, where nothing else must be known before: most pages are one journey to PostgreSQL.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from api import pagination
from api.deps import Asking
from api.planning import ENTRIES, expected_of
from api.resources.events import looking, named
from api.resources.events.filters import InOrder, OfEach, conditions, is_in_order, is_of_rows_alone, names, seen_within
from api.resources.events.order import ORDERS, SEEN, Order, Place, Stretch, stretches
from core import database
from core.sql import Asker, Condition, Flight, Query, all_of, planned_anew

if TYPE_CHECKING:  # which offers SORTS
    from api.resources.events.schemas import EventQuery

NEAR, FAR = 1000, 50_000  # rows of the order that are looked at first, and then at most
AMPLE = 4  # times as many rows are looked at then as would do if those that pass were spread evenly
SHORT = 10_000  # rows up to which they are looked at without asking what else could be done
CHEAP = 2000  # rows that PostgreSQL expects to read, up to which it is not worth to look at more first
WORTH = 200  # rows that PostgreSQL expects to read, up to which all that pass the filters are found at once
WHOLE = 0.5  # part of the time left, from which on all that passes the filters is found at once
RARE = 30_000  # rows that PostgreSQL expects to read at any step, up to which all that pass the filters are sorted

# Up to when all is committed: a row is first seen when its transaction began, and may be there only later. Whoever
# reads on at the end of the history must not pass it by. Transactions of half a minute are not waited for. Asked for
# once for all statements of a page, of which a later one would reach further and pass by what came between.
_SETTLED = Query(
    text(
        "SELECT greatest(now() - interval '30 seconds', coalesce(min(xact_start), now())) AS until "
        "FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' "
        "AND pid <> pg_backend_pid()"
    )
)


def page(session: Session, query: "EventQuery") -> tuple[list[UUID], str | None]:
    """The ids of one page of the events that pass a filter, in the order asked for, and the cursor of the next page."""
    reading = _Reading(query)
    reading.mean(named.found(session, names(query)))
    reading.stretch(session)
    reading.go_on(session)
    return [row for _, row in reading.rows[: query.limit]], reading.following()


def written_page(asking: Asking, query: "EventQuery") -> tuple[bytes, str | None]:
    """Such a page for who asks: its events as JSON objects apart by commas, and the cursor of the next page.

    Raises as `Asking.caller`.
    """
    with asking.before_refusal():
        reading = _Reading(query, looking.Form(query.evidence, frozenset(query.fields)))
    try:
        with database.at_once() as flight:
            reading.begin(asking, flight)
            reading.go_on(flight)
    except named.Nobody as nobody:
        with database.reading() as session:
            raise named.refusal(session, nobody) from None
    return reading.json, reading.following()


class _Reading:
    """A page that is being read."""

    def __init__(self, query: "EventQuery", form: looking.Form | None = None) -> None:
        self.rows: list[Place] = []  # what was found; of one more than the page has it is known that more follow
        self.json = b""  # and the page, once it is whole, where its form is told
        self._query, self._form = query, form
        self._order, self._bound = ORDERS[query.sort], query.bound("events")
        self._after = None if query.cursor is None else _opened(self._order, self._bound, query.cursor)
        self._found: list[Condition] = []
        self._is_of_rows_alone = is_of_rows_alone(query)
        self._stretches: list[Stretch] = []
        self._whole = False  # whether nothing is left to be read
        self._is_rare = False  # whether little passes the filters in the one stretch that has most of all rows
        self._last: Place | None = None  # the place of its last row, where more follow
        self._end: Any = None  # when the last of the order was first seen, as the last look has told
        self._begun: list[Place | None] = []  # where the look ended that was made beside the key

    def mean(self, meant: named.Meant) -> None:
        """Ask for those whom names mean."""
        self._found = conditions(self._query, meant)
        if self._order.key != SEEN:
            self._found += seen_within(self._query)

    def stretch(self, asker: Asker) -> None:
        """Find out where the order begins and ends."""
        settled = (_SETTLED(asker).fetchone() or (None,))[0] if self._may_grow else None
        if self._after is None or self._after[0] is not None:
            self._stretches = stretches(self._order, self._query, settled)

    def following(self) -> str | None:
        """The cursor of the page after it."""
        return None if self._last is None else _sealed(self._bound, self._last)

    def begin(self, asking: Asking, flight: Flight) -> None:
        """Find out who asks and, in the same journey, whom names mean and what the first rows of the order hold."""
        asked = names(self._query)
        self.mean(named.Meant(inside=bool(asked)))
        if not self._may_grow:
            self.stretch(flight)
        if self._stretches and self._judges(self._stretches[0], NEAR):
            look, values = self._first(bool(asked))
            row = asking.row(flight, look, **values, **asked.values)
            self._begun = [self._take(row)]
        else:
            row = asking.row(flight, named.BESIDE, **asked.values) if asked else asking.row(flight)
        if asked:
            self.mean(named.meant(asked, row))
        if self._may_grow:
            self.stretch(flight)

    def _first(self, names_too: bool) -> tuple[Query, dict[str, Any]]:
        """The look that is made beside the key, and its values."""
        first, last = self._stretches[0], self._is_last(0)
        if self._is_in_order:
            each = [one for one in self._found if isinstance(one, OfEach)]
            places = looking.walk_each(self._order, each[0]) if each else looking.walk(self._order)
            statement, values = self._of(places, first.within(self._after), last)
            is_prepared = bool(each)
        else:
            statement, values = self._near(first, self._after, str(NEAR), last)
            # the next rows of all are found in one way, whatever the values, and so is what their own columns say
            is_prepared = not first.also and self._is_of_rows_alone
        return looking.beside(statement, prepared=is_prepared, names=names_too), values

    def go_on(self, asker: Asker) -> None:
        """Read until the page is whole."""
        for number, stretch in enumerate(self._stretches):
            if not self._whole:
                self._read(asker, stretch, self._is_last(number))
        if self._order.nullable and not self._whole:
            after = None if self._stretches else self._after
            self._ask(asker, looking.walk(self._order), self._order.without(after), last=True)

    @property
    def _may_grow(self) -> bool:
        """Whether what comes later stands at the end of the order, so that it must be known how far all is there."""
        return self._order.key == SEEN and not self._order.falling

    @property
    def _is_in_order(self) -> bool:
        """Whether an index has what passes the filters in this order, so that what comes next is the page."""
        return self._order.key == SEEN and is_in_order(self._found)

    def _is_last(self, number: int) -> bool:
        return number == len(self._stretches) - 1 and not self._order.nullable

    @property
    def _missing(self) -> int:
        return self._query.limit + 1 - len(self.rows)

    def _read(self, asker: Asker, stretch: Stretch, last: bool) -> None:
        """Rows of a stretch that have a sort value."""
        if self._is_in_order and not self._begun:
            self._ask(asker, looking.walk(self._order), stretch.within(self._after), last=last)
            return
        if self._is_rare and stretch.also:
            self._ask(asker, looking.sort(self._order), stretch.within(self._after), last=last)
            return
        after, passed, had, most = self._after, 0, len(self.rows), FAR // stretch.fewer
        for near in (True, False):
            got = len(self.rows) - had
            many = NEAR if near else min(most, self._enough(passed, got))
            if near and self._begun:
                edge, had = self._begun.pop(), 0
            elif (near or got) and self._judges(stretch, many):
                look, values = self._near(stretch, after, ":many", last)
                edge = self._take(planned_anew(look)(asker, many=many, **values).fetchone())
            else:
                edge = looking.edge(asker, self._order, stretch.within(after), many)
                self._ask(asker, looking.walk(self._order), stretch.within(after, edge), last=last and edge is None)
            if self._whole or edge is None:
                return
            passed, after, got = passed + many, edge, len(self.rows) - had
            if near and got and self._enough(passed, got) <= SHORT:
                continue
            cost, expected = expected_of(asker, [*self._found, *stretch.within(after)])
            little = max(CHEAP, min(most, self._enough(passed, got)) / ENTRIES)
            part = self._part(expected)
            if part < 1 and cost > WORTH and cost * part <= little:
                after, before = self._order.ahead(edge[0], self._end, part), len(self.rows)
                self._ask(asker, looking.part(self._order, self._found), stretch.within(edge, after), last=False)
                if self._whole:
                    return
                if len(self.rows) == before:  # far fewer than expected
                    break
            elif cost <= little:
                self._is_rare = self._is_rare or not stretch.also
                break
        # to walk on until those that are missing are met costs what the rows until here tell, or nobody knows
        is_rare = cost <= min(passed * self._missing / max(1, got), RARE // stretch.fewer)
        places = (looking.sort if is_rare else looking.walk)(self._order)
        self._ask(asker, places, stretch.within(after), last=last)

    def _judges(self, stretch: Stretch, many: int) -> bool:
        """Whether the next rows are judged one by one.

        What articles and quotes say is looked up for each of them: where they are many, PostgreSQL finds its own way.
        """
        return self._is_of_rows_alone or (many <= SHORT and not stretch.also)

    def _enough(self, passed: int, got: int) -> int:
        """How many more rows amply hold what is missing, if that many of those that passed held so many."""
        return AMPLE * passed * self._missing // max(1, got)

    def _part(self, expected: int) -> float:
        """Which part of the time that is left amply holds what is missing; all of it, if that is not worth it."""
        if self._end is None or not self._is_of_rows_alone or not any(isinstance(one, InOrder) for one in self._found):
            return 1.0
        part = AMPLE * self._missing / max(1, expected)
        return part if part < WHOLE else 1.0

    def _near(self, stretch: Stretch, after: Place | None, many: str, last: bool) -> tuple[str, dict[str, Any]]:
        """A look at so many rows: the statement and its values."""
        within = stretch.within(after)
        look = looking.look(self._order, all_of(self._found), all_of(within), many, self._ending(last))
        return look, self._values([*self._found, *within])

    def _of(self, places: looking.Places, within: Sequence[Condition], last: bool) -> tuple[str, dict[str, Any]]:
        """The same of all that pass the filters in a part of the order."""
        asked = [*self._found, *within]
        return looking.ended(places(asked), self._order, self._ending(last)), self._values(asked)

    def _ask(self, asker: Asker, places: looking.Places, within: Sequence[Condition], *, last: bool) -> None:
        statement, values = self._of(places, within, last)
        self._take(planned_anew(statement)(asker, **values).fetchone())

    def _ending(self, last: bool) -> looking.Ending:
        return looking.Ending(self._form, bool(self.rows), last)

    def _values(self, asked: Sequence[Condition]) -> dict[str, Any]:
        return looking.values(asked, self._missing, [row for _, row in self.rows] if self._form else [])

    def _take(self, row: Any) -> Place | None:
        """What a statement found; returns where it stopped, None where it came to the end."""
        if row.whole:
            self._whole, self.json = True, row.json or b""
            if row.more:
                self._last = self.rows[-1] if row.last_id is None else (row.last_key, row.last_id)
        else:
            self.rows += zip(row.keys, row.ids, strict=True)
            if not self._missing:
                self._whole, self._last = True, self.rows[-2]
        self._end = row.end_key if self._order.key == SEEN else None
        return None if row.edge_id is None else (row.edge_key, row.edge_id)


def _sealed(bound: str, place: Place) -> str:
    key = place[0].isoformat() if isinstance(place[0], date) else None if place[0] is None else str(place[0])
    return pagination.seal(bound, orjson.dumps([key, place[1]]))


def _opened(order: Order, bound: str, cursor: str) -> Place:
    key, row = orjson.loads(pagination.unseal(bound, cursor))
    return (None if key is None else order.read(key)), UUID(row)

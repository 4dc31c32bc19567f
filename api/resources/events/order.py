"""The orders of events, and the stretches of one in which all lies that a filter asks for.

An event is told when it happens or soon after, so that its day and the time when it was first seen go together. What
happened long ago is common and yet far from the newest rows, and what is yet to happen stands in none of the oldest.
Few events are first told long after (LOOKS_BACK) or before their last day (LOOKS_AHEAD), and these have indexes of
their own: outside the time in which the others can have been told, only they are looked at.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from api.resources.events.filters import EventFilter
from core.models.events import LATE, LOOKS_AHEAD, LOOKS_BACK
from core.sql import Condition

FEW = 20  # times fewer events look back or ahead than do not, at a guess
SEEN = "event.first_seen"
_FIRST = date.min + timedelta(days=1)  # an earlier day is as good as this one
_LAST = date.max - timedelta(days=LATE + 1)  # and a later one as this
Place = tuple[Any, UUID]
"""The sort value and the id of a row."""


@dataclass(frozen=True)
class Order:
    """By `key` and then by id; `read` makes a value of the key out of its text in a cursor."""

    key: str
    read: Callable[[str], Any]
    nullable: bool
    falling: bool

    @cached_property
    def sorted(self) -> str:
        """What to sort by."""
        return f"{self.key} {self.direction}, event.id {self.direction}"

    @property
    def backwards(self) -> str:
        """What to sort by for the last to come first."""
        other = "ASC" if self.falling else "DESC"
        return f"{self.key} {other}, event.id {other}"

    @property
    def direction(self) -> str:
        """Of both."""
        return "DESC" if self.falling else "ASC"

    def after(self, place: Place) -> Condition:
        """Which rows follow that one."""
        sign = "<" if self.falling else ">"
        text = f"({self.key}, event.id) {sign} (:after_key, :after_id)"
        return Condition(text, {"after_key": place[0], "after_id": place[1]})

    def up_to(self, place: Place) -> Condition:
        """Which rows stand before that one, itself included."""
        sign = ">=" if self.falling else "<="
        text = f"({self.key}, event.id) {sign} (:edge_key, :edge_id)"
        return Condition(text, {"edge_key": place[0], "edge_id": place[1]})

    def ahead(self, key: Any, end: Any, share: float) -> Place:
        """The place that lies by that share of the way from `key` to `end`, after all rows of its own key."""
        return key + (end - key) * share, UUID(int=0 if self.falling else 2**128 - 1)

    def without(self, after: Place | None) -> list[Condition]:
        """Which rows have no sort value, and follow that one."""
        none = [Condition(f"{self.key} IS NULL")]
        if after is None:
            return none
        return [*none, Condition(f"event.id {'<' if self.falling else '>'} :after_id", {"after_id": after[1]})]


_KEYS: dict[str, tuple[str, Callable[[str], Any], bool]] = {
    "first_seen": (SEEN, datetime.fromisoformat, False),
    "date": ("event.date_from", date.fromisoformat, True),
    "amount": ("coalesce(event.amount_max, event.amount_min)", Decimal, True),
    "confidence": ("event.confidence", float, False),
}
ORDERS = {f"{sign}{name}": Order(*key, sign == "-") for name, key in _KEYS.items() for sign in ("-", "")}
SORTS = tuple(ORDERS)  # - is the largest, or latest, first


@dataclass(frozen=True)
class Stretch:
    """A part of an order: first seen from `low` on and before `high`, what else holds of it, and how many times fewer
    rows it has than all."""

    order: Order
    low: datetime | None = None
    high: datetime | None = None
    also: tuple[Condition, ...] = ()
    fewer: int = 1

    def within(self, after: Place | None, edge: Place | None = None) -> list[Condition]:
        """Its rows that follow `after`, up to `edge`.

        With one condition on each side: of two, PostgreSQL may read on to the one that lies further away.
        """
        order = self.order
        low = None if self.low is None else Condition(f"{SEEN} >= :low", {"low": self.low})
        high = None if self.high is None else Condition(f"{SEEN} < :high", {"high": self.high})
        begin, end = (high, low) if order.falling else (low, high)
        if after is not None and (begin is None or self._holds(after)):
            begin = order.after(after)
        elif after is None and order.nullable:
            begin = Condition(f"{order.key} IS NOT NULL")
        if edge is not None:
            end = order.up_to(edge)
        return [*self.also, *(one for one in (begin, end) if one is not None)]

    def _holds(self, place: Place) -> bool:
        """Whether the place lies beyond its beginning."""
        return bool(self.high and place[0] < self.high if self.order.falling else self.low and place[0] >= self.low)


def stretches(order: Order, asked: EventFilter, settled: datetime | None) -> list[Stretch]:
    """The parts, one after the other, in which all lies that is asked for, and that was first seen before `settled`."""
    if order.key != SEEN:
        return [Stretch(order)]
    since, until = asked.since, _earliest(asked.until, settled)
    first, last = _seen_from(asked.date_from), _seen_until(asked.date_to)
    parts = [Stretch(order, _latest(since, first), _earliest(until, last))]
    if last is not None:
        late = Condition(f"{LOOKS_BACK.text} AND lower(event.days) <= :latest_day", {"latest_day": asked.date_to})
        parts.insert(0, Stretch(order, _latest(since, last), until, (late,), FEW))
    if first is not None:
        early = Condition(f"{LOOKS_AHEAD.text} AND upper(event.days) > :first_day", {"first_day": asked.date_from})
        parts.append(Stretch(order, since, _earliest(until, first), (early,), FEW))
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

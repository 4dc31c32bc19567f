"""SQL of profiles; whom a firm or bank is related to is asked in firm_ties.py and bank_ties.py.

Nothing here reads a bank's or firm's events one by one: the database counts them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Date, Row, case, cast, func, not_, or_, select
from sqlalchemy.orm import Session, defer, lazyload

from api.resources.profiles.schemas import REASONS
from api.schemas import PROVEN
from core.clock import SHANGHAI
from core.models import Article, Bank, Event, Firm, Mention

Kind = Literal["bank", "firm"]
Ties = CompoundSelect[Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose profile it is: `ids` are its own and those of the rows that were merged into it."""

    kind: Kind
    id: UUID
    ids: Sequence[UUID]

    @property
    def live(self) -> tuple[Any, ...]:
        """That an event is its own, and stands."""
        column = Event.bank_id if self.kind == "bank" else Event.firm_id
        return column.in_(self.ids), Event.state == "live"

    @property
    def stands(self) -> Any:
        """That a mention is of it."""
        column = Mention.bank_id if self.kind == "bank" else Mention.firm_id
        return column.in_(self.ids)


def merged(session: Session, kind: Kind, row_id: UUID) -> Sequence[Row[Any]]:
    """(id, name) of the rows that were merged into this one, by name."""
    rows = Bank if kind == "bank" else Firm
    columns: tuple[Any, ...] = (rows.id, rows.name)
    found = select(*columns).where(rows.merged_into == row_id, *_shown(kind))
    return session.execute(found.order_by(rows.name, rows.id)).all()


class Course(NamedTuple):
    """How many live events there are of each status, the most first, and the days on which these began and ended."""

    statuses: dict[str, int]
    first: date | None
    last: date | None


_seen = cast(func.timezone(str(SHANGHAI), Event.first_seen), Date)  # the day in China, for what tells none
_begins, _ended = func.coalesce(Event.date_from, _seen), func.coalesce(Event.date_to, _seen)


def course(session: Session, subject: Subject) -> Course:
    """How its live events stand."""
    number = func.count()
    found = select(Event.status, number, func.min(_begins), func.max(_ended)).where(*subject.live)
    rows = session.execute(found.group_by(Event.status).order_by(number.desc(), Event.status)).all()
    first, last = min((row[2] for row in rows), default=None), max((row[3] for row in rows), default=None)
    return Course({row[0]: row[1] for row in rows}, first, last)


def ends(session: Session, subject: Subject, told: Course) -> tuple[Event | None, Event | None]:
    """Its first and its last live event, by the day told, else by that on which it was first seen in China."""
    if told.first is None or told.last is None:
        return None, None
    own = select(Event.id).where(*subject.live).limit(1)
    first = own.where(_begins == told.first, _near(told.first)).order_by(Event.first_seen, Event.id)
    last = own.where(_ended == told.last, _near(told.last)).order_by(Event.first_seen.desc(), Event.id.desc())
    ids = session.execute(select(first.scalar_subquery(), last.scalar_subquery())).one()
    found = select(Event).where(Event.id.in_([one for one in ids if one])).options(lazyload(Event.evidence))
    by_id = {event.id: event for event in session.scalars(found).unique()}
    return by_id.get(ids[0]), by_id.get(ids[1])


def _near(day: date) -> ColumnElement[bool]:
    """That an event was told for the day or seen around it: indexes find the few that may begin or end on it."""
    noon = datetime.combine(day, time(12), SHANGHAI)
    seen = Event.first_seen.between(noon - timedelta(days=1), noon + timedelta(days=1))
    return or_(Event.days.contains(day), seen)


def articles(session: Session, subject: Subject, limit: int) -> Sequence[Article]:
    """The articles in which it stands, last collected first, without their texts."""
    standing = select(Mention.article_id).where(subject.stands)
    found = select(Article).where(Article.id.in_(standing), not_(Article.canary)).options(defer(Article.text))
    return session.scalars(found.order_by(Article.fetched_at.desc(), Article.id.desc()).limit(limit)).all()


def related(session: Session, kind: Kind, ties: Ties, limit: int) -> Sequence[Row[Any]]:
    """(id, name, ties: {reason: count}) of those that `ties` leads to (columns other, reason, count): those with the
    closest reason first, then with most reasons, then with the largest counts."""
    rows = Bank if kind == "bank" else Firm
    told = ties.subquery()
    place = case({reason: number for number, reason in enumerate(REASONS)}, value=told.c.reason)
    found = (
        select(rows.id, rows.name, func.jsonb_object_agg(told.c.reason, told.c.count).label("ties"))
        .join(told, told.c.other == rows.id)
        .where(*_shown(kind))
        .group_by(rows.id, rows.name)
        .order_by(func.min(place), func.count().desc(), func.sum(told.c.count).desc(), rows.name, rows.id)
    )
    return session.execute(found.limit(limit)).all()


def _shown(kind: Kind) -> tuple[Any, ...]:
    """A name that is only watched is no firm."""
    return (Firm.origin.in_(PROVEN),) if kind == "firm" else ()

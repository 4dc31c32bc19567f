"""SQL of profiles; whom a firm or bank is related to is asked in firm_ties.py and bank_ties.py.

Nothing here reads a bank's or firm's events one by one: the database counts them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import CompoundSelect, Date, Row, case, cast, func, not_, select
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


def statuses(session: Session, subject: Subject) -> dict[str, int]:
    """How many live events it has of each status."""
    found = select(Event.status, func.count()).where(*subject.live).group_by(Event.status)
    return {row[0]: row[1] for row in session.execute(found.order_by(func.count().desc(), Event.status))}


def ends(session: Session, subject: Subject) -> tuple[Event | None, Event | None]:
    """Its first and its last live event, by the day told, else by that on which it was first seen in China."""
    seen = cast(func.timezone(str(SHANGHAI), Event.first_seen), Date)
    begins, ended = func.coalesce(Event.date_from, seen), func.coalesce(Event.date_to, seen)
    own = select(Event.id).where(*subject.live).limit(1)
    first = own.order_by(begins, Event.first_seen, Event.id).scalar_subquery()
    last = own.order_by(ended.desc(), Event.first_seen.desc(), Event.id.desc()).scalar_subquery()
    ids = session.execute(select(first, last)).one()
    found = select(Event).where(Event.id.in_([one for one in ids if one])).options(lazyload(Event.evidence))
    by_id = {event.id: event for event in session.scalars(found).unique()}
    return by_id.get(ids[0]), by_id.get(ids[1])


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

"""A duty of catching up: which events tell one facility, a sum that several banks lend together.

Each bank of a syndicate has an event of its own with the whole sum (GUIDELINES.md, "Several named banks under one
total"). Two of them are one facility where an article tells both, of the same firm and with the same instrument and
sum, and their dates can be one. A facility holds one event of a bank: its second one is another grant.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, or_, select, update
from sqlalchemy.orm import Session

from core.models import Event, Evidence

BATCH = 200  # events whose facility is sought in one transaction
_UNGROUPED = Event.facility_id.is_(None)
OPEN = select(Event.id).where(Event.shared_amount, _UNGROUPED)
_FACTS = ("id", "bank_id", "firm_id", "firm_description", "instrument", "amount_min", "amount_max", "currency", "state")


@dataclass(frozen=True, slots=True)
class Shared:
    """An event with a shared sum: `grant` is what must be equal (firm, instrument, sum), `days` those of its date."""

    id: UUID
    bank: Hashable
    grant: Hashable
    days: tuple[date, date] | None
    articles: frozenset[Hashable]


def facilities(events: Iterable[Shared]) -> dict[UUID, UUID]:
    """For each event the eldest one of its facility; the result does not depend on the order of `events`."""
    ordered = sorted(events, key=lambda event: event.id)
    groups = {event.id: [event] for event in ordered}
    # what is told for one and the same time is joined first
    for one, other in sorted(_pairs(ordered), key=lambda pair: (pair[0].days != pair[1].days, pair[0].id, pair[1].id)):
        first, second = groups[one.id], groups[other.id]
        if first is not second and not {event.bank for event in first} & {event.bank for event in second}:
            first += second
            groups |= {event.id: first for event in second}
    return {event_id: min(event.id for event in group) for event_id, group in groups.items()}


def _pairs(events: Iterable[Shared]) -> Iterator[tuple[Shared, Shared]]:
    """Events of two banks that may be one facility; those of one article only are compared."""
    told: dict[Hashable, list[Shared]] = defaultdict(list)
    for event in events:
        for article in event.articles:
            told[article, event.grant].append(event)
    for together in told.values():
        yield from (pair for pair in combinations(together, 2) if _at_once(*pair))


def _at_once(one: Shared, other: Shared) -> bool:
    if one.days is None or other.days is None:
        return True
    return one.days[0] <= other.days[1] and other.days[0] <= one.days[1]


def group_shared(session: Session) -> int:
    """Find the facilities of events that are new or changed, and with them of all of the same firms, old and new."""
    shared = select(Event.id, Event.firm_id, Event.firm_description).where(Event.shared_amount)
    open_ = session.execute(shared.where(_UNGROUPED).limit(BATCH)).all()
    # those whose facility an open one was the eldest of, which may be another firm's now
    left = shared.where(Event.facility_id.in_([row.id for row in open_]), Event.facility_id != Event.id)
    rows = _of_the_same_firms(session, [*open_, *session.execute(left)]) if open_ else []
    found = facilities(_shared(session, rows))
    before = {row.id: row.facility_id for row in rows}
    changed = [{"id": event_id, "facility_id": head} for event_id, head in found.items() if before[event_id] != head]
    if changed:
        session.execute(update(Event), changed)
    return sum(row.id in found for row in open_)


def _of_the_same_firms(session: Session, open_: Sequence[Any]) -> list[Row[Any]]:
    """Locked as they are now; one that is being changed is passed over, and is open when that is done."""
    named = {row.firm_id for row in open_ if row.firm_id}
    described = {row.firm_description for row in open_ if not row.firm_id and row.firm_description}
    same = or_(
        Event.id.in_([row.id for row in open_]),
        Event.firm_id.in_(named),
        and_(Event.firm_id.is_(None), Event.firm_description.in_(described)),
    )
    wanted = select(*(getattr(Event, name) for name in (*_FACTS, "date_from", "date_to", "facility_id")))
    wanted = wanted.where(Event.shared_amount, same).order_by(Event.id)
    return list(session.execute(wanted.with_for_update(key_share=True, skip_locked=True)).all())


def _shared(session: Session, rows: Sequence[Row[Any]]) -> Iterator[Shared]:
    """What does not stand, or tells neither a firm nor a sum, is a facility of its own: no other has its `grant`."""
    articles: dict[UUID, set[UUID]] = defaultdict(set)
    told = select(Evidence.event_id, Evidence.article_id).where(Evidence.event_id.in_([row.id for row in rows]))
    for event_id, article_id in session.execute(told):
        articles[event_id].add(article_id)
    for row in rows:
        firm = row.firm_id or row.firm_description
        plain = row.state == "live" and firm and row.currency
        grant = (firm, row.instrument, row.amount_min, row.amount_max, row.currency) if plain else row.id
        days = (row.date_from, row.date_to) if row.date_from and row.date_to else None
        yield Shared(row.id, row.bank_id, grant, days, frozenset(articles[row.id]))

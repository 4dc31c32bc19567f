"""All SQL of `/v1/events`."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, defer

from api import pagination
from api.resources.events.schemas import EventQuery
from core.models import Article, BankAlias, Event, EventVersion, Evidence, Firm, FirmAlias
from core.names import fold


def page(session: Session, query: EventQuery) -> tuple[Sequence[Event], str | None]:
    """The events that pass every filter, newest first seen first."""
    statement = _filtered(session, query)
    return pagination.fetch(session, statement, query, what="events", moment=Event.first_seen, row_id=Event.id)


def find(session: Session, event_id: UUID) -> Event | None:
    """The event, whatever its state."""
    return session.get(Event, event_id)


def versions(session: Session, event_id: UUID) -> Sequence[EventVersion]:
    """Its versions, oldest first."""
    statement = select(EventVersion).where(EventVersion.event_id == event_id).order_by(EventVersion.version)
    return session.scalars(statement).all()


def tellings(session: Session, events: Iterable[Event]) -> dict[UUID, list[tuple[Evidence, Article]]]:
    """Each event's evidence, oldest first, with the articles, which are read in one query and without their texts."""
    rows = {event.id: event.evidence for event in events}
    wanted = {row.article_id for evidence in rows.values() for row in evidence}
    found = session.scalars(select(Article).where(Article.id.in_(wanted)).options(defer(Article.text)))
    articles = {article.id: article for article in found}
    return {event_id: [(row, articles[row.article_id]) for row in told] for event_id, told in rows.items()}


def _filtered(session: Session, query: EventQuery) -> Select[Any]:
    found = select(Event)
    if query.state == "live":
        found = found.where(Event.state == "live")
    if query.bank:
        found = found.where(Event.bank_id.in_(_banks(session, query.bank)))
    if query.firm:
        found = found.where(Event.firm_id.in_(_firms(session, query.firm)))
    for column, values in (
        (Event.instrument, query.instrument),
        (Event.sector, query.sector),
        (Event.status, query.status),
    ):
        if values:
            found = found.where(column.in_(values))
    if query.region:
        found = found.where(Event.regions.overlap(query.region))
    if query.tech is not None:
        found = found.where(Event.tech == query.tech)
    if query.currency is not None:
        found = found.where(Event.currency == query.currency)
    return _ranges(found, query)


def _ranges(found: Select[Any], query: EventQuery) -> Select[Any]:
    """Where only one end of an amount was told, that end stands for both."""
    least, most = func.coalesce(Event.amount_min, Event.amount_max), func.coalesce(Event.amount_max, Event.amount_min)
    if query.min_amount is not None:
        found = found.where(most >= query.min_amount)
    if query.max_amount is not None:
        found = found.where(least <= query.max_amount)
    if query.date_from is not None:
        found = found.where(Event.date_to >= query.date_from)
    if query.date_to is not None:
        found = found.where(Event.date_from <= query.date_to)
    if query.since is not None:
        found = found.where(Event.first_seen >= query.since)
    return found.where(Event.confidence >= query.confidence) if query.confidence else found


def _banks(session: Session, names: list[str]) -> set[UUID]:
    by_name = select(BankAlias.bank_id).where(BankAlias.key.in_([fold(name) for name in names]))
    return set(session.scalars(by_name)) | _ids(names)


def _firms(session: Session, names: list[str]) -> set[UUID]:
    """The named firms, and every row that was found to be one with them."""
    by_name = select(FirmAlias.firm_id).where(FirmAlias.key.in_([fold(name) for name in names]))
    named = set(session.scalars(by_name)) | _ids(names)
    heads = set(session.scalars(select(func.coalesce(Firm.merged_into, Firm.id)).where(Firm.id.in_(named))))
    return set(session.scalars(select(Firm.id).where(or_(Firm.id.in_(heads), Firm.merged_into.in_(heads)))))


def _ids(names: list[str]) -> set[UUID]:
    """Those of `names` that are ids."""
    found = set()
    for name in names:
        try:
            found.add(UUID(name))
        except ValueError:
            continue
    return found

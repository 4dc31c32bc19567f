"""All SQL of `/v1/events`."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from api import pagination
from api.resources.events.filters import matching
from api.resources.events.schemas import EventQuery
from core.models import Article, Event, EventVersion, Evidence


def page(session: Session, query: EventQuery) -> tuple[Sequence[Event], str | None]:
    """The events that pass every filter, newest first seen first."""
    statement = matching(session, query)
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

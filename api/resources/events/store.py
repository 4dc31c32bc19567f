"""All SQL of `/v1/events`, but for that which writes events as JSON (written.py)."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from api.resources.events import paging
from api.resources.events.filters import matching
from api.resources.events.schemas import EventQuery
from core.models import Article, Event, EventVersion, Evidence


def page(session: Session, query: EventQuery) -> tuple[list[UUID], str | None]:
    """The ids of the events of a page, and the cursor of the next."""
    return paging.page(session, query)


def total(session: Session, query: EventQuery, *, most: int | None = None) -> int:
    """How many events pass the filters on all pages; beyond `most` nothing is counted."""
    every = matching(session, query).with_only_columns(Event.id).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(every)) or 0


def find(session: Session, event_id: UUID) -> Event | None:
    """The event, whatever its state."""
    return session.get(Event, event_id)


def versions(session: Session, event_id: UUID) -> Sequence[EventVersion]:
    """Its versions, oldest first."""
    statement = select(EventVersion).where(EventVersion.event_id == event_id).order_by(EventVersion.version)
    return session.scalars(statement).all()


def tellings(session: Session, events: Iterable[Event]) -> dict[UUID, list[tuple[Evidence, Article]]]:
    """Each event's evidence, oldest first, with the articles, which are read in one query and without their texts."""
    evidence = {event.id: event.evidence for event in events}
    wanted = {row.article_id for rows in evidence.values() for row in rows}
    found = session.scalars(select(Article).where(Article.id.in_(wanted)).options(defer(Article.text)))
    articles = {article.id: article for article in found}
    return {event_id: [(row, articles[row.article_id]) for row in rows] for event_id, rows in evidence.items()}

"""All SQL of `/v1/events`: a page is read as columns, not as entities, which would cost several times as much."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, defer

from api.resources.events import paging
from api.resources.events.filters import matching
from api.resources.events.schemas import EventQuery
from core.models import Article, Bank, Event, EventVersion, Evidence, Firm, FirmAlias

_OWN = (
    *("id", "version", "state", "merged_into", "bank_id", "firm_id", "branch", "firm_description", "tech"),
    *("instrument", "instrument_text", "amount_min", "amount_max", "currency", "qualifier", "shared_amount", "date"),
    *("term_months", "status", "sector", "regions", "confidence", "first_seen", "last_seen", "verdict"),
)
_ALIASES = select(FirmAlias.alias).where(FirmAlias.firm_id == Event.firm_id).correlate(Event).scalar_subquery()
_ROW = (
    select(*(getattr(Event, name) for name in _OWN))
    .add_columns(Bank.name.label("bank_name"), Firm.name.label("firm_name"), func.array(_ALIASES).label("aliases"))
    .join(Bank, Bank.id == Event.bank_id)
    .outerjoin(Firm, Firm.id == Event.firm_id)
)
_WHERE_TOLD = (Evidence.event_id, Evidence.article_id, Evidence.start, Evidence.end)
_TOLD = {
    "sparse": (*_WHERE_TOLD, Article.source_name, Article.published),
    "full": (*_WHERE_TOLD, Article.source_name, Article.published, Article.title, Article.url, Evidence.quote),
}


def page(session: Session, query: EventQuery) -> tuple[list[UUID], str | None]:
    """The ids of the events of a page, and the cursor of the next."""
    bound, found = query.bound("events"), matching(session, query)
    return paging.page(session, found, sort=query.sort, limit=query.limit, cursor=query.cursor, bound=bound)


def total(session: Session, query: EventQuery, *, most: int | None = None) -> int:
    """How many events pass the filters on all pages; beyond `most` nothing is counted."""
    every = matching(session, query).with_only_columns(Event.id).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(every)) or 0


def rows(session: Session, ids: Sequence[UUID]) -> list[Row[Any]]:
    """Events with the names of bank and firm, in the order of `ids`; those that are gone are left out."""
    found = {row.id: row for row in session.execute(_ROW.where(Event.id.in_(ids)))}
    return [found[one] for one in ids if one in found]


def told(session: Session, ids: Sequence[UUID], how: str) -> dict[UUID, list[Row[Any]]]:
    """Each event's evidence, sparse or full, oldest first; without the articles' texts."""
    columns: tuple[Any, ...] = _TOLD[how]
    asked = select(*columns).join(Article, Article.id == Evidence.article_id)
    found: dict[UUID, list[Row[Any]]] = {one: [] for one in ids}
    for row in session.execute(asked.where(Evidence.event_id.in_(ids)).order_by(Evidence.id)):
        found[row.event_id].append(row)
    return found


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

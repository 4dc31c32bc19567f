"""All SQL of `/v1/search`: what holds all pairs of signs of a query, newest first, to be compared with its text."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from core.models import Article, ArticleIndex, Event, Evidence, QuoteIndex


def articles(session: Session, pairs: list[int], place: Any, most: int) -> Sequence[Any]:
    """Up to `most` rows of an `Article` and its id (`thing`) that follow a row or an id; ids grow with time."""
    found = select(Article, Article.id.label("thing")).join(ArticleIndex, ArticleIndex.article_id == Article.id)
    found = found.where(ArticleIndex.grams.contains(pairs))
    if place is not None:
        found = found.where(ArticleIndex.article_id < getattr(place, "thing", place))
    return session.execute(found.order_by(ArticleIndex.article_id.desc()).limit(most)).all()


def evidence(session: Session, pairs: list[int], place: Any, most: int) -> Sequence[Any]:
    """Up to `most` pieces of evidence there, of live events (`thing`), that follow a row or an event's id."""
    columns = (Evidence.event_id.label("thing"), Evidence.id, Evidence.article_id, Evidence.quote, Evidence.start)
    found = (
        select(*columns)
        .join(QuoteIndex, QuoteIndex.evidence_id == Evidence.id)
        .join(Event, Event.id == Evidence.event_id)
        .where(QuoteIndex.grams.contains(pairs), Event.state == "live")
    )
    if isinstance(place, UUID):
        found = found.where(Evidence.event_id < place)
    elif place is not None:
        found = found.where(tuple_(Evidence.event_id, Evidence.id) < tuple_(place.thing, place.id))
    return session.execute(found.order_by(Evidence.event_id.desc(), Evidence.id.desc()).limit(most)).all()


def events(session: Session, ids: list[UUID]) -> dict[UUID, Event]:
    """Events by id."""
    return {event.id: event for event in session.scalars(select(Event).where(Event.id.in_(ids))).unique()}

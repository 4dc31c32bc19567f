"""All SQL of `/v1/search`: what holds all pairs of signs of a query, newest first, to be compared with its text.

What is common is met soon by whoever reads on from the newest; what is rare is read as a whole by its pairs of signs
and sorted. PostgreSQL does not choose so by itself: it takes what is sought for evenly spread where it knows nothing of
how often a pair is met, and reads on through millions of rows.
"""

from collections.abc import Callable, Sequence
from math import sqrt
from typing import Any
from uuid import UUID

from sqlalchemy import Select, literal_column, select, text, tuple_
from sqlalchemy.orm import Session

from api.planning import expected
from core.models import Article, ArticleIndex, Event, Evidence, QuoteIndex

_SIZE = text("SELECT reltuples FROM pg_class WHERE oid = to_regclass(:name)")  # rows, as last counted; -1: never


Ask = Callable[[Any], Sequence[Any]]
"""The rows that follow a row or, at first, an id; None: from the newest on."""


def articles(session: Session, pairs: list[int], most: int) -> Ask:
    """Asks for up to `most` rows of an `Article` and its id (`thing`); ids grow with time."""
    every = select(ArticleIndex.article_id.label("thing")).where(ArticleIndex.grams.contains(pairs))
    rare = _is_rare(session, every, ArticleIndex, most)

    def ask(place: Any) -> Sequence[Any]:
        holding = every
        if place is not None:
            holding = holding.where(ArticleIndex.article_id < getattr(place, "thing", place))
        holding = _read_first(holding) if rare else holding
        newest = holding.order_by(literal_column("thing").desc()).limit(most).subquery()
        found = select(Article, newest.c.thing).join(newest, Article.id == newest.c.thing)
        return session.execute(found.order_by(newest.c.thing.desc())).all()

    return ask


def evidence(session: Session, pairs: list[int], most: int) -> Ask:
    """Asks for up to `most` pieces of evidence there, of live events (`thing`)."""
    columns = (Evidence.event_id.label("thing"), Evidence.id, Evidence.article_id, Evidence.quote, Evidence.start)
    holding = QuoteIndex.grams.contains(pairs)
    rare = _is_rare(session, select(QuoteIndex.evidence_id).where(holding), QuoteIndex, most)
    every = (
        select(*columns)
        .join(QuoteIndex, QuoteIndex.evidence_id == Evidence.id)
        .join(Event, Event.id == Evidence.event_id)
        .where(holding, Event.state == "live")
    )
    newest: list[Any] = [literal_column(name).desc() for name in ("thing", "id")]

    def ask(place: Any) -> Sequence[Any]:
        found: Any = every
        if isinstance(place, UUID):
            found = found.where(Evidence.event_id < place)
        elif place is not None:
            found = found.where(tuple_(Evidence.event_id, Evidence.id) < tuple_(place.thing, place.id))
        found = _read_first(found) if rare else found
        return session.execute(found.order_by(*newest).limit(most)).all()

    return ask


def _is_rare(session: Session, holding: Any, index: type[ArticleIndex | QuoteIndex], most: int) -> bool:
    """Whether fewer rows hold the pairs than would be passed until `most` of them are met, evenly spread."""
    every = session.scalar(_SIZE, {"name": index.__tablename__}) or 0.0
    return expected(session, holding) <= sqrt(most * max(0.0, every))


def _read_first(found: Any) -> Select[Any]:
    """All of it before it is sorted: OFFSET 0 keeps the order and the limit from choosing the way there."""
    every = found.offset(literal_column("0")).subquery()
    return select(*every.c)


def events(session: Session, ids: list[UUID]) -> dict[UUID, Event]:
    """Events by id."""
    return {event.id: event for event in session.scalars(select(Event).where(Event.id.in_(ids))).unique()}

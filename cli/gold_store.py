"""What `yinqi gold export` reads."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.models import Article, Correction, Event, Evidence


class Looked(NamedTuple):
    """An article in which an event was looked at by hand, with all of its tellings that stand or were rejected."""

    article: Article
    tellings: list[tuple[Evidence, Event]]


_BY_HAND = select(Evidence.article_id).join(Event, Event.id == Evidence.event_id).where(Event.verdict.is_not(None))


def articles(session: Session) -> Iterator[Looked]:
    """Oldest first, one in memory at a time; those whose text is not kept any more are left out."""
    wanted = select(Article.id).where(Article.id.in_(_BY_HAND), Article.forgotten_at.is_(None)).order_by(Article.id)
    for article_id in session.scalars(wanted).all():
        article = session.get_one(Article, article_id)
        told = select(Evidence, Event).join(Event, Event.id == Evidence.event_id)
        told = told.where(Evidence.article_id == article_id, or_(Event.state == "live", Event.verdict == "rejected"))
        yield Looked(article, [(row, event) for row, event in session.execute(told.order_by(Evidence.position))])
        session.expunge_all()


def forgotten(session: Session) -> int:
    """Of how many articles with an event that was looked at by hand the text is not kept any more."""
    gone = select(func.count()).select_from(Article).where(Article.id.in_(_BY_HAND), Article.forgotten_at.is_not(None))
    return session.scalar(gone) or 0


def notes(session: Session, event_ids: Sequence[UUID]) -> dict[UUID, str | None]:
    """Why each event was rejected, in the operator's words."""
    wanted = select(Correction).where(Correction.event_id.in_(event_ids), Correction.verdict == "rejected")
    return {row.event_id: row.note for row in session.scalars(wanted.order_by(Correction.id))}

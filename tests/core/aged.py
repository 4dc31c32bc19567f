"""Rows that seem to have been made long ago."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from core import catch_up
from core.clock import first_id, now
from core.models import Article, Retention
from core.retention import KINDS
from extractor.catching_up import DUTIES

_TAIL = (1 << 62) - 1


def ago(days: float) -> datetime:
    """The moment so many days ago."""
    return now() - timedelta(days=days)


def id_of(days: float) -> UUID:
    """An id (UUIDv7) as a row has it that was made so many days ago."""
    return UUID(int=first_id(ago(days)).int | (uuid4().int & _TAIL))


def made(model: type[Any], days: float, /, **fields: Any) -> Any:
    """A row of such an id."""
    return model(id=id_of(days), **fields)


def forget(session: Session, *articles: Article) -> None:
    """Let articles be collected long ago, and the scheduler's duties do what follows."""
    ids = [article.id for article in articles]
    session.execute(update(Article).where(Article.id.in_(ids)).values(fetched_at=ago(20_000)))
    session.execute(update(Retention).values(next_at=func.now()))
    session.commit()
    for _ in range(2 * len(KINDS)):
        catch_up.once(DUTIES)
    session.expire_all()
    assert all(article.forgotten_at and article.text == "" for article in articles)
    session.commit()

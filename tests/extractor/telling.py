"""Articles into the history, by the real engine on the real database."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from core import work
from core.models import Article
from extractor.process import process


def stored(session: Session, text: str, *, day: str | None = "2026-05-06", **fields: Any) -> Article:
    """An article that waits to be read; `day` None: it tells no time."""
    published = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    given = {"title": "消息", "content_hash": uuid4().hex, "published": published, **fields}
    article = Article(text=text, **given)
    session.add(article)
    session.commit()
    return article


def extracted(session: Session, article: Article) -> Article:
    """The same, which was read."""
    came = work.attempt(work.EXTRACT, article.id, process)
    session.expire_all()
    assert came == "done", article.reason
    return article


def tell(session: Session, text: str, **fields: Any) -> Article:
    """Store an article and extract it."""
    return extracted(session, stored(session, text, **fields))

"""Articles into the history, by the real engine on the real database."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import subscribers, work
from core.models import Article, Subscriber, WatchItem, Watchlist
from core.names import fold
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


def watch(session: Session, *subjects: tuple[str, str], **fields: Any) -> Watchlist:
    """Somebody watches subjects, each told by its kind and its name."""
    owner = session.scalar(select(Subscriber)) or subscribers.add(session, "one")
    assert owner is not None
    listed = Watchlist(**{"name": uuid4().hex, "subscriber_id": owner.id, **fields})
    listed.items = [WatchItem(kind=kind, name=name, key=fold(name)) for kind, name in subjects]
    session.add(listed)
    session.commit()
    return listed

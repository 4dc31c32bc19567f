"""What tests of digests share: a clock in hand, notices as the services make them, and what was told in the end."""

import json
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from alerts.digest import make
from alerts.match import match
from core import clock, work
from core.models import Article, Delivery, Digest, Event, EventVersion, Mention, Notice
from core.views import facts

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10:00 in China
DAILY: dict[str, Any] = {"rhythm": "daily", "rhythm_time": time(8, 30)}
_passes = count()
WORK: dict[str, Any] = {"hours": [{"days": [1, 2, 3, 4, 5], "from": "08:30", "until": "18:00"}]}


class Clock:
    """The present moment, as matching sees it."""

    moment = MONDAY

    def set(self, day: int, hour: int, minute: int = 0) -> None:
        """A day of March 2026 (the 2nd is a Monday), on China's clocks."""
        self.moment = datetime(2026, 3, day, hour, minute, tzinfo=clock.SHANGHAI).astimezone(UTC)


def tell(session: Session, notice: Notice) -> None:
    session.commit()
    assert work.attempt(work.MATCH, notice.id, match) == "done"


def deliveries(session: Session) -> list[Any]:
    session.expire_all()
    return list(session.scalars(select(Delivery).order_by(Delivery.created_at, Delivery.id)))


def bodies(session: Session) -> list[Any]:
    return [json.loads(row.body) for row in deliveries(session)]


def ends(session: Session) -> list[str]:
    """When what waits is due, on China's clocks."""
    session.expire_all()
    found = session.scalars(select(Digest.ends_at).where(Digest.state == "open").order_by(Digest.ends_at))
    return [f"{one.astimezone(clock.SHANGHAI):%d %H:%M}" for one in found]


def pass_time(session: Session) -> list[UUID]:
    """Let every digest be due, and make them."""
    ago = timedelta(days=3650, minutes=next(_passes))  # no two digests of a test meet in the past
    past = {"ends_at": Digest.ends_at - ago, "due_at": Digest.due_at - ago}
    session.execute(update(Digest).where(Digest.state == "open").values(past))
    session.commit()
    found = list(session.scalars(select(Digest.id).where(Digest.state == "open").order_by(Digest.ends_at)))
    for one in found:
        make(one)
    return found


def change(session: Session, event: Event, **columns: Any) -> Notice:
    """A new version of an event, as the extractor makes it."""
    before = facts(event)
    for name, value in columns.items():
        setattr(event, name, value)
    event.version += 1
    session.flush()
    after, kind = facts(event), "event.retracted" if event.state == "retracted" else "event.updated"
    previous = {name: old for name, old in before.items() if old != after[name]}
    session.add(EventVersion(event_id=event.id, version=event.version, type=kind, facts=after, previous=previous))
    first = session.scalars(select(Notice).where(Notice.event_id == event.id)).first()
    assert first is not None
    notice = Notice(kind=kind, event_id=event.id, version=event.version, article_id=first.article_id)
    session.add(notice)
    return notice


def mention(session: Session, number: int, name: str = "北海银行") -> Notice:
    """An article in which a name stands, and its notice."""
    article = Article(
        title=f"{name}第{number}号公告",
        text=f"{name}昨日公告。",
        content_hash=f"m{number}",
        state="done",
        source_name="s",
    )
    session.add(article)
    session.flush()
    kind = "bank" if name.endswith("银行") else "firm"
    session.add(Mention(article_id=article.id, kind=kind, name=name, start=0, end=len(name), where="text"))
    notice = Notice(kind="mention", article_id=article.id)
    session.add(notice)
    return notice

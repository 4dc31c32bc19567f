"""What tests of polling share: sources, feeds, and a turn of the real poller over what is due."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.models import Source
from ingest.jobs import Entry, Polled

NOW = datetime.now(UTC)
Poll = Callable[[], list[Entry]]


class Outcome(NamedTuple):
    """What a poll brought, in short."""

    stored: int = 0
    known: int = 0
    errors: int = 0
    error: str | None = None


def outcome(polled: Polled) -> Outcome:
    return Outcome(polled.stored, polled.known, polled.problems, polled.reason)


def add_source(session: Session, url: str, **values: Any) -> Source:
    """A source that has been read before, a month ago, so that its articles are news."""
    month = NOW - timedelta(days=30)
    given = {"first_polled_at": month, "last_success_at": month, "kind": "rss", "name": "样例", **values}
    source = Source(url=url, **given)
    session.add(source)
    session.commit()
    return source


def item(number: int, *, published: datetime | None = NOW, text: str | None = None, link: str | None = None) -> str:
    date = f"<pubDate>{format_datetime(published)}</pubDate>" if published else ""
    body = f"样例银行向第{number}家公司放款。" if text is None else text
    link = f"https://news.example.cn/{number}" if link is None else link
    return f"<item><title>第{number}条</title><link>{link}</link><description>{body}</description>{date}</item>"


def feed(*items: str) -> bytes:
    return f'<rss version="2.0"><channel><title>样例</title>{"".join(items)}</channel></rss>'.encode()


def poll(out: Poll, session: Session) -> Polled:
    """Poll the one source there is, whether it is due or not."""
    session.execute(text("UPDATE source SET due_at = now() - interval '1 second'"))
    session.commit()
    [polled] = [entry for entry in out() if isinstance(entry, Polled)]
    session.expire_all()
    return polled

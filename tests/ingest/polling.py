"""What tests of polling share: sources, feeds, turns of the real poller over what is due, and what came of them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, NamedTuple

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.models import Article, Link, Source, SourceError
from ingest.jobs import Entry, Polled
from tests.fakes.origin import Origin

NOW = datetime.now(UTC)
Poll = Callable[[], list[Entry]]
PAGE = (
    "<html><head><title>样例银行支持科技企业</title></head><body><article><h1>样例银行支持科技企业</h1>"
    + "".join(f"<p>第{n}段：样例银行向本市科技企业发放贷款，用于采购设备和扩大生产，期限三年。</p>" for n in range(8))
    + "</article></body></html>"
).encode()
HTML = {"Content-Type": "text/html; charset=utf-8"}


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


def due(session: Session) -> None:
    """All sources, links and hosts are due now."""
    for table in ("source", "link"):
        session.execute(text(f"UPDATE {table} SET due_at = now() - interval '1 second'"))
    session.execute(text("UPDATE host SET next_at = NULL"))
    session.commit()


def asked(origin: Origin) -> list[str]:
    return [seen.path for seen in origin.seen]


def pages(origin: Origin) -> list[str]:
    return [path for path in asked(origin) if path != "/robots.txt"]


def reasons(session: Session) -> list[str]:
    return list(session.scalars(select(SourceError.reason).order_by(SourceError.id)))


def links(session: Session) -> list[Link]:
    session.expire_all()
    return list(session.scalars(select(Link).order_by(Link.id)))


def articles(session: Session) -> list[Article]:
    return list(session.scalars(select(Article).order_by(Article.id)))


def full_text_source(session: Session, origin: Origin, *paths: str, **values: Any) -> Source:
    origin.add("/rss", body=feed(*(item(n, link=origin.url(path)) for n, path in enumerate(paths))))
    return add_source(session, origin.url("/rss"), full_text=True, **values)


def work_off(out: Poll, session: Session, turns: int = 4) -> list[Any]:
    ended = []
    for _ in range(turns):
        ended += out()
        session.expire_all()
    return ended

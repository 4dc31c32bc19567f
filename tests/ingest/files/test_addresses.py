"""An archive behind an address: its pages are fetched by the ingest service, after all that is live."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.http import Outbound
from core.models import Article, Link
from core.settings import settings
from ingest.files.backfill import Backfill, Counts, Options
from ingest.isolate import Readers
from ingest.visit import Visitor
from tests.fakes.origin import Origin
from tests.ingest.polling import Poll
from tests.ingest.test_discover import article, sitemap


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as server:
        server.add("/sitemap.xml", body=sitemap(*(server.url(f"/{n}") for n in range(3))))
        for n in range(3):
            server.add(f"/{n}", **article(n))
        yield server


def backfill(origin: Origin, readers: Readers, **options: bool) -> Counts:
    work = Backfill(Options(**options), told=lambda *_: None, shown=lambda _: None, reader=readers.read_now)
    with Outbound(allow=settings().networks) as out:
        return work.run_addresses([origin.url("/sitemap.xml")], Visitor(out))


def work_off(out: Poll, session: Session, turns: int = 10) -> None:
    for _ in range(turns):
        out()
    session.expire_all()


def test_the_pages_become_quiet_articles_and_are_fetched_once(
    session: Session, out: Poll, readers: Readers, origin: Origin
) -> None:
    assert backfill(origin, readers).links == 3
    work_off(out, session)
    rows = session.execute(select(Article.quiet, Article.later, Article.source_id)).all()
    assert [tuple(row) for row in rows] == [(True, True, None)] * 3
    assert set(session.scalars(select(Link.state))) == {"done"}
    assert backfill(origin, readers).links == 0
    fetched = [seen.path for seen in origin.seen if seen.path in {"/0", "/1", "/2"}]
    assert sorted(fetched) == ["/0", "/1", "/2"]


def test_pages_alert_where_that_is_asked_for(session: Session, out: Poll, readers: Readers, origin: Origin) -> None:
    backfill(origin, readers, alert=True)
    work_off(out, session)
    assert session.scalars(select(Article.quiet)).all() == [False] * 3


def test_a_live_link_is_fetched_before_those_of_an_archive(
    session: Session, out: Poll, readers: Readers, origin: Origin
) -> None:
    backfill(origin, readers)
    origin.add("/live", **article(9))
    session.add(Link(url=origin.url("/live"), canonical_url=origin.url("/live")))
    session.commit()
    work_off(out, session)
    pages = [seen.path for seen in origin.seen if seen.path in {"/0", "/1", "/2", "/live"}]
    assert pages[0] == "/live"
    assert len(pages) == 4

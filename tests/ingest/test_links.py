"""The poller follows what a source points to, on real servers: pages and parts, tried again, given up, never twice."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.fakes.origin import Origin
from tests.ingest.polling import (
    HTML,
    NOW,
    PAGE,
    Poll,
    add_source,
    articles,
    due,
    feed,
    full_text_source,
    item,
    links,
    pages,
    reasons,
    work_off,
)


def test_what_a_feed_cuts_is_fetched_in_full(session: Session, out: Poll, origin: Origin) -> None:
    full_text_source(session, origin, "/1.html")
    origin.add("/1.html", body=PAGE, headers=HTML)
    work_off(out, session)
    [article] = articles(session)
    assert "第7段" in article.text
    assert (article.published, article.quiet) == (NOW.replace(microsecond=0), False)
    assert [link.state for link in links(session)] == ["done"]
    due(session)
    work_off(out, session)
    assert pages(origin).count("/1.html") == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_never_asked_for_again_and_the_feeds_text_is_kept(
    session: Session, out: Poll, origin: Origin, status: int
) -> None:
    full_text_source(session, origin, "/gone.html")
    origin.add("/gone.html", status=status)
    for _ in range(3):
        work_off(out, session, 2)
        due(session)
    assert pages(origin).count("/gone.html") == 1
    [link] = links(session)
    assert (link.state, link.attempts) == ("failed", 1)
    assert [article.text for article in articles(session)] == ["样例银行向第0家公司放款。"]
    [reason] = reasons(session)
    assert f"answered with status {status}" in reason
    assert "the text that the source gave is kept instead" in reason


def test_a_page_that_fails_is_tried_again_later_and_given_up_in_the_end(
    session: Session, out: Poll, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = full_text_source(session, origin, "/1.html", interval=10_000)
    origin.add("/1.html", status=500)
    out()
    pauses = []
    for _ in range(6):
        out()
        [link] = links(session)
        pauses.append((link.due_at - datetime.now(UTC)).total_seconds())
        assert out() == []  # not before its time
        due_links(session)
    assert pauses[0] > 30
    assert pauses[1] > 3 * pauses[0]
    assert (link.state, link.attempts) == ("failed", 5)
    assert pages(origin).count("/1.html") == 5
    assert "status 500" in reasons(session)[0]
    session.refresh(source)
    assert source.failures == 0


def due_links(session: Session) -> None:
    session.execute(text("UPDATE link SET due_at = now() - interval '1 second'"))
    session.commit()


def test_a_page_that_leads_inside_is_refused_at_once(session: Session, out: Poll, origin: Origin) -> None:
    full_text_source(session, origin, "/in.html")
    with Origin() as canary:
        origin.add("/in.html", status=302, headers={"Location": f"http://[::ffff:10.0.0.1]:{canary.port}/"})
        work_off(out, session)
        assert canary.connections == 0
    [link] = links(session)
    assert link.state == "failed"
    assert "refused: private" in reasons(session)[0]


def test_a_page_is_history_where_it_was_named_at_the_first_poll(session: Session, out: Poll, origin: Origin) -> None:
    origin.add("/rss", body=feed(item(1, published=None, link=origin.url("/1.html"))))
    add_source(session, origin.url("/rss"), full_text=True, first_polled_at=None, last_success_at=None)
    origin.add("/1.html", body=PAGE, headers=HTML)
    work_off(out, session)
    assert [article.quiet for article in articles(session)] == [True]


def test_a_sitemaps_parts_and_pages_are_followed(session: Session, out: Poll, origin: Origin) -> None:
    url = origin.url
    origin.add(
        "/map.xml", body=f"<sitemapindex><sitemap><loc>{url('/part.xml')}</loc></sitemap></sitemapindex>".encode()
    )
    origin.add("/part.xml", body=f"<urlset><url><loc>{url('/1.html')}</loc></url></urlset>".encode())
    origin.add("/1.html", body=PAGE, headers=HTML)
    add_source(session, url("/map.xml"), kind="sitemap")
    work_off(out, session, 6)
    assert pages(origin) == ["/map.xml", "/part.xml", "/1.html"]
    assert [(link.depth, link.state) for link in links(session)] == [(0, "done"), (1, "done")]
    assert len(articles(session)) == 1


def test_a_page_that_its_source_tells_to_have_changed_is_fetched_again(
    session: Session, out: Poll, origin: Origin
) -> None:
    def told(day: int) -> bytes:
        moment = (NOW + timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"<urlset><url><loc>{origin.url('/1.html')}</loc><lastmod>{moment}</lastmod></url></urlset>".encode()

    origin.add("/map.xml", body=told(-1))
    origin.add("/1.html", body=PAGE, headers=HTML)
    add_source(session, origin.url("/map.xml"), kind="sitemap")
    for day in (-1, -1, 1):
        origin.add("/map.xml", body=told(day))
        due(session)
        work_off(out, session, 3)
    assert pages(origin).count("/1.html") == 2

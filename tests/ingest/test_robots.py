"""The poller asks for nothing that robots.txt forbids, on real servers, and no faster than it allows."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.models import Host
from tests.fakes.origin import Origin
from tests.ingest.polling import (
    HTML,
    PAGE,
    Poll,
    add_source,
    asked,
    due,
    feed,
    full_text_source,
    item,
    links,
    pages,
    reasons,
    work_off,
)


def test_what_robots_forbids_is_not_asked_for(session: Session, out: Poll, origin: Origin) -> None:
    origin.add("/robots.txt", body=b"User-agent: Yinqi\nDisallow: /rss\n\nUser-agent: *\nAllow: /\n")
    origin.add("/rss", body=feed(item(1)))
    source = add_source(session, origin.url("/rss"))
    for _ in range(3):
        out()
        due(session)
    assert asked(origin) == ["/robots.txt"]
    session.refresh(source)
    assert f"robots.txt forbids Yinqi to ask for {origin.url('/rss')}" in (source.last_error or "")
    assert len(reasons(session)) == 1  # told once a day
    assert source.last_polled_at is None


def test_what_robots_forbids_is_left_alone_for_long(session: Session, out: Poll, origin: Origin) -> None:
    origin.add("/robots.txt", body=b"User-agent: *\nDisallow: /")
    source = add_source(session, origin.url("/rss"))
    out()
    session.refresh(source)
    assert source.due_at > datetime.now(UTC) + timedelta(hours=5)


def test_robots_holds_for_articles_too(session: Session, out: Poll, origin: Origin) -> None:
    origin.add("/robots.txt", body=b"User-agent: *\nDisallow: /private/")
    full_text_source(session, origin, "/private/1.html", "/2.html")
    origin.add("/2.html", body=PAGE, headers=HTML)
    work_off(out, session)
    assert "/private/1.html" not in asked(origin)
    assert "/2.html" in asked(origin)
    assert {link.url[-7:]: link.state for link in links(session)} == {"/1.html": "failed", "/2.html": "done"}


def test_robots_holds_where_a_redirect_leads(session: Session, out: Poll, origin: Origin) -> None:
    with Origin() as other:
        other.add("/robots.txt", body=b"User-agent: *\nDisallow: /")
        origin.add("/rss", status=302, headers={"Location": other.url("/rss")})
        add_source(session, origin.url("/rss"))
        out()
        assert asked(other) == ["/robots.txt"]
    assert "robots.txt forbids" in reasons(session)[0]


@pytest.mark.parametrize(("status", "goes_on"), [(404, True), (403, True), (429, False), (500, False), (503, False)])
def test_a_robots_that_cannot_be_had_forbids_all_and_one_that_is_not_there_nothing(
    session: Session, out: Poll, origin: Origin, status: int, goes_on: bool
) -> None:
    origin.add("/robots.txt", status=status)
    origin.add("/rss", body=feed(item(1)))
    add_source(session, origin.url("/rss"))
    out()
    assert pages(origin) == (["/rss"] if goes_on else [])
    if not goes_on:
        assert (
            f"could not be read, so nothing else is asked for: it answered with status {status}" in reasons(session)[0]
        )
    session.execute(text("UPDATE host SET robots_until = now() - interval '1 second'"))
    due(session)
    origin.add("/robots.txt", status=404)
    out()
    assert pages(origin)[-1:] == ["/rss"]  # the trouble ends by itself


def test_robots_is_kept_as_long_as_its_answer_says_and_a_day_at_most(
    session: Session, out: Poll, origin: Origin
) -> None:
    origin.add("/rss", body=feed(item(1)))
    add_source(session, origin.url("/rss"))
    for age, least, most in (("600", 590, 610), ("9999999", 86_000, 86_410)):
        origin.add("/robots.txt", body=b"", headers={"Cache-Control": f"max-age={age}"})
        session.execute(text("UPDATE host SET robots_until = NULL"))
        due(session)
        out()
        session.expire_all()
        [host] = session.scalars(select(Host))
        assert host.robots_until is not None
        assert least < (host.robots_until - datetime.now(UTC)).total_seconds() < most
    due(session)
    out()
    assert asked(origin).count("/robots.txt") == 2


def test_a_crawl_delay_is_kept(session: Session, out: Poll, origin: Origin) -> None:
    origin.add("/robots.txt", body=b"User-agent: *\nCrawl-delay: 30")
    origin.add("/rss", body=feed(item(1)))
    add_source(session, origin.url("/rss"))
    work_off(out, session, 3)
    assert asked(origin) == ["/robots.txt"]
    session.execute(text("UPDATE host SET next_at = now() - interval '1 second'"))
    session.commit()
    work_off(out, session, 3)
    assert asked(origin) == ["/robots.txt", "/rss"]
    session.expire_all()
    [host] = session.scalars(select(Host))
    assert host.next_at is not None
    assert host.next_at > datetime.now(UTC) + timedelta(seconds=25)

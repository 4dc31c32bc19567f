"""The poller on real servers: politeness by host, robots.txt, links, and what survives a kill."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.models import Article, Host, Link, Source, SourceError
from ingest.jobs import Followed, Polled
from tests.fakes.origin import Answer, Origin, Seen
from tests.ingest.polling import NOW, Poll, add_source, feed, item

PAGE = (
    "<html><head><title>样例银行支持科技企业</title></head><body><article><h1>样例银行支持科技企业</h1>"
    + "".join(f"<p>第{n}段：样例银行向本市科技企业发放贷款，用于采购设备和扩大生产，期限三年。</p>" for n in range(8))
    + "</article></body></html>"
).encode()
HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as server:
        yield server


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


# --- links ---


def full_text_source(session: Session, origin: Origin, *paths: str, **values: Any) -> Source:
    origin.add("/rss", body=feed(*(item(n, link=origin.url(path)) for n, path in enumerate(paths))))
    return add_source(session, origin.url("/rss"), full_text=True, **values)


def work_off(out: Poll, session: Session, turns: int = 4) -> list[Any]:
    ended = []
    for _ in range(turns):
        ended += out()
        session.expire_all()
    return ended


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


# --- robots.txt ---


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


# --- whose turn it is ---


def test_one_host_is_asked_by_one_at_a_time_and_holds_up_no_other(session: Session, out: Poll, origin: Origin) -> None:
    for number in range(5):
        origin.add(f"/rss{number}", body=feed(item(number)))
        add_source(session, origin.url(f"/rss{number}"))
    origin.add("/rss", body=feed(item(9)))
    add_source(session, origin.url("/rss", host="127.0.0.2"))
    polled = [entry for entry in out() if isinstance(entry, Polled)]
    assert [one.source.url for one in polled if "127.0.0.2" in one.source.url] == [origin.url("/rss", host="127.0.0.2")]
    assert len(polled) == 2
    assert sum(len([e for e in out() if isinstance(e, Polled)]) for _ in range(4)) == 4


def ingest(environment: dict[str, str], **more: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "ingest"], env={**environment, **more}, stderr=subprocess.PIPE, text=True
    )


def stop(*processes: "subprocess.Popen[str]") -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.communicate(timeout=60)
        finally:
            process.kill()


def test_two_processes_keep_a_hosts_delay_together(
    session: Session, environment: dict[str, str], origin: Origin
) -> None:
    done = threading.Event()

    def answer(seen: Seen) -> Answer:
        if len(pages(origin)) >= 6:
            done.set()
        return Answer(200, feed(item(1)))

    for number in range(6):
        origin.add(f"/rss{number}", answer)
        add_source(session, origin.url(f"/rss{number}"))
    with ExitStack() as exits:
        processes = [ingest(environment, YINQI_HOST_DELAY="0.5") for _ in range(2)]
        exits.callback(stop, *processes)
        assert done.wait(120)
    times = [seen.at for seen in origin.seen]
    assert sorted(pages(origin)) == [f"/rss{number}" for number in range(6)]
    assert min(after - before for before, after in pairwise(times)) >= 0.45


def test_what_a_killed_process_had_begun_is_begun_again(
    session: Session, environment: dict[str, str], out: Poll, origin: Origin
) -> None:
    arrived = threading.Event()

    def hold(seen: Seen) -> Answer:
        arrived.set()
        origin.closing.wait(5)
        return Answer(200, b"never read")

    origin.add("/1.html", hold)
    full_text_source(session, origin, "/1.html")
    process = ingest(environment, YINQI_HOST_DELAY="0")
    try:
        assert arrived.wait(60)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)
    [link] = links(session)
    assert (link.state, link.attempts) == ("open", 1)
    assert link.lease_until is not None
    assert out() == []  # held until the lease ends
    session.execute(text("UPDATE link SET lease_until = now() - interval '1 second'"))
    session.execute(text("UPDATE host SET next_at = NULL"))
    session.commit()
    origin.add("/1.html", body=PAGE, headers=HTML)
    assert [entry.state for entry in out() if isinstance(entry, Followed)] == ["done"]
    assert len(articles(session)) == 1


def test_a_process_that_is_told_to_stop_gives_back_what_it_cannot_finish(
    session: Session, environment: dict[str, str], origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived = threading.Event()

    def hold(seen: Seen) -> Answer:
        arrived.set()
        origin.closing.wait(40)
        return Answer(200, b"late")

    origin.add("/rss", hold)
    source = add_source(session, origin.url("/rss"))
    process = ingest(environment, YINQI_HOST_DELAY="0")
    try:
        assert arrived.wait(60)
        process.terminate()
        _, log = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0, log
    session.refresh(source)
    assert (source.lease_until, source.failures) == (None, source.failures)

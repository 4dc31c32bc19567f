"""The story of a source on a real server and the real database."""

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core.database import transaction
from core.models import Article, SourceError
from core.work import EXTRACT, queue_length
from ingest import store
from tests.fakes.origin import Answer, Origin, Seen
from tests.ingest.polling import NOW, Poll, add_source, feed, item, poll

SAMPLES = Path(__file__).parent / "samples"


def articles(session: Session) -> list[Article]:
    return list(session.scalars(select(Article).order_by(Article.id)))


def errors(session: Session) -> list[tuple[str, str]]:
    return [(row.input, row.reason) for row in session.scalars(select(SourceError).order_by(SourceError.id))]


def test_new_articles_are_stored_and_announced(session: Session, out: Poll, origin: Origin) -> None:
    source = add_source(session, origin.url("/rss"))
    origin.add("/rss", body=feed(item(1), item(2)))
    assert poll(out, session).stored == 2
    first = articles(session)[0]
    assert (first.title, first.text) == ("第1条", "样例银行向第1家公司放款。")
    assert (first.url, first.source_id, first.source_name) == ("https://news.example.cn/1", source.id, "样例")
    assert first.published == NOW.replace(microsecond=0)
    assert (first.state, first.quiet) == ("open", False)
    assert queue_length(EXTRACT.queue) == 2


def test_an_article_is_stored_once(session: Session, out: Poll, origin: Origin) -> None:
    add_source(session, origin.url("/rss"))
    same_page = item(1, link="HTTPS://news.example.cn/1/?utm_source=feed", text="改过的正文。")
    items = (item(1), same_page, item(3, link="https://copy.example.cn/3"), item(3))
    for stored, known, more in ((2, 2, ""), (0, 4, "<ttl>1</ttl>"), (0, 4, "<!DOCTYPE rss>")):
        origin.add("/rss", body=feed(*items, more))
        polled = poll(out, session)
        assert (polled.stored, polled.known) == (stored, known)
    assert queue_length(EXTRACT.queue) == 2


def test_an_address_that_all_items_share_does_not_make_them_one(session: Session, out: Poll, origin: Origin) -> None:
    add_source(session, origin.url("/rss"))
    home = "https://news.example.cn/"
    origin.add("/rss", body=feed(item(1, link=home), item(2, link=home)))
    assert poll(out, session).stored == 2
    assert poll(out, session).stored == 0


def test_an_unchanged_feed_is_not_sent_again(session: Session, out: Poll, origin: Origin) -> None:
    def conditional(seen: Seen) -> Answer:
        if seen.headers["If-None-Match"] == '"v1"' and seen.headers["If-Modified-Since"] == "then":
            return Answer(304)
        return Answer(200, feed(item(1)), {"ETag": '"v1"', "Last-Modified": "then"})

    source = add_source(session, origin.url("/rss"))
    origin.add("/rss", conditional)
    for _ in range(3):
        assert poll(out, session).reason is None
    assert len(articles(session)) == 1
    session.refresh(source)
    assert (source.etag, source.failures) == ('"v1"', 0)
    assert [seen.headers["If-None-Match"] for seen in origin.seen if seen.path == "/rss"] == [None, '"v1"', '"v1"']


def test_what_stood_in_a_feed_when_it_was_first_read_alerts_nobody(session: Session, out: Poll, origin: Origin) -> None:
    add_source(session, origin.url("/rss"), first_polled_at=None, last_success_at=None)
    later = datetime.now(UTC) + timedelta(minutes=5)
    hour_ago = NOW - timedelta(hours=1)
    origin.add("/rss", body=feed(item(1, published=hour_ago), item(2, published=later), item(3, published=None)))
    poll(out, session)
    assert {one.title: one.quiet for one in articles(session)} == {"第1条": True, "第2条": False, "第3条": True}
    origin.add("/rss", body=feed(item(4, published=None), item(5, published=hour_ago)))
    poll(out, session)
    assert {one.title: one.quiet for one in articles(session)[3:]} == {"第4条": False, "第5条": True}


def test_a_source_may_alert_on_its_backlog(session: Session, out: Poll, origin: Origin) -> None:
    add_source(session, origin.url("/rss"), first_polled_at=None, last_success_at=None, alert_backlog=True)
    origin.add("/rss", body=feed(item(1, published=NOW - timedelta(days=30)), item(2, published=None)))
    poll(out, session)
    assert [one.quiet for one in articles(session)] == [False, False]


def test_an_article_of_over_a_week_alerts_nobody(session: Session, out: Poll, origin: Origin) -> None:
    add_source(session, origin.url("/rss"))
    origin.add(
        "/rss", body=feed(item(1, published=NOW - timedelta(days=8)), item(2, published=NOW - timedelta(days=6)))
    )
    poll(out, session)
    assert [one.quiet for one in articles(session)] == [True, False]


def test_an_item_that_cannot_be_kept_is_told_once_and_stops_nothing(
    session: Session, out: Poll, origin: Origin
) -> None:
    add_source(session, origin.url("/rss"))
    empty = "<item><link>https://news.example.cn/0</link></item>"
    huge = item(2, text="字" * 4_999_999 + "和更多")
    bad_link = item(3, link="javascript:alert(1)")
    origin.add("/rss", body=feed(empty, huge, bad_link, item(4)))
    assert poll(out, session).stored == 2
    assert poll(out, session).stored == 0
    url = origin.url("/rss")
    assert errors(session) == [
        (f"{url} item 1", "has neither title nor text"),
        (f"{url} item 2 (https://news.example.cn/2)", "the text has 5,000,002 characters; 5,000,000 are the most"),
        (f"{url} item 3 (javascript:alert(1))", "kept without its address: 'javascript:alert(1)': starts with "
         "neither http:// nor https://"),
    ]  # fmt: skip
    assert [one.url for one in articles(session)] == [None, "https://news.example.cn/4"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(404), "answered with status 404"),
        (Answer(500), "answered with status 500"),
        (Answer(200, (SAMPLES / "page.html").read_bytes(), {"Content-Type": "text/html"}), "it is an HTML page"),
        (Answer(200, b""), "it is empty"),
        (Answer(200, b"<rss><channel>"), "the XML is broken"),
        (Answer(302, headers={"Location": "http://10.0.0.1/"}), "10.0.0.1, which is refused: private"),
        (Answer(302, headers={"Location": "file:///etc/passwd"}), "neither http:// nor https://"),
        (Answer(200, b"x", {"Content-Encoding": "br"}), "was not asked for"),
    ],
)
def test_a_source_that_fails_is_told_and_put_off(
    session: Session, out: Poll, origin: Origin, answer: Answer, reason: str
) -> None:
    source = add_source(session, origin.url("/rss"), interval=100)
    origin.add("/rss", answer)
    for failures in (1, 2):
        outcome = poll(out, session)
        assert outcome.reason is not None
        assert reason in outcome.reason
        session.refresh(source)
        assert (source.failures, source.lease_until) == (failures, None)
        assert reason in (source.last_error or "")
    assert [told for told, _ in errors(session)] == [source.url] * 2
    pause = source.due_at - datetime.now(UTC)
    assert timedelta(seconds=150) < pause < timedelta(seconds=250)
    origin.add("/rss", body=feed(item(1)))
    assert poll(out, session).stored == 1
    session.refresh(source)
    assert (source.failures, source.last_error) == (0, None)


def test_a_source_that_does_not_answer_is_put_off(session: Session, out: Poll, origin: Origin) -> None:
    add_source(session, origin.url("/slow"))
    assert "no complete answer in time" in (poll(out, session).reason or "")


@pytest.mark.parametrize("status", [429, 503])
def test_a_source_that_asks_to_wait_is_left_alone(session: Session, out: Poll, origin: Origin, status: int) -> None:
    source = add_source(session, origin.url("/rss"), interval=10)
    origin.add("/rss", status=status, headers={"Retry-After": "7200"})
    poll(out, session)
    session.refresh(source)
    assert source.due_at > datetime.now(UTC) + timedelta(seconds=7100)


def test_a_wrong_zone_of_a_source_is_its_own_failure(session: Session, out: Poll, origin: Origin) -> None:
    add_source(session, origin.url("/rss"), zone="Nowhere/Else")
    origin.add("/rss", body=feed(item(1)))
    assert "Nowhere/Else" in (poll(out, session).reason or "")


def test_a_database_that_refuses_an_article_is_the_failure_of_its_source(
    session: Session, out: Poll, origin: Origin
) -> None:
    add_source(session, origin.url("/rss"))
    origin.add("/rss", body=feed(item(1)))
    session.execute(text("ALTER TABLE article ADD CHECK (title <> '第1条')"))
    reason = poll(out, session).reason or ""
    assert "IntegrityError" in reason
    assert "放款" not in reason
    assert errors(session) == [(origin.url("/rss"), reason)]


def test_a_claimed_source_is_not_polled_by_another(session: Session, out: Poll, origin: Origin) -> None:
    for number in range(6):
        add_source(session, origin.url("/rss", host=f"127.0.0.{number + 2}"))
    claimed = []

    def claim_all() -> None:
        while True:
            jobs, _ = store.claim(2, lease=60, after="")
            if not jobs:
                return
            claimed.extend(job.source.id for job in jobs)

    threads = [threading.Thread(target=claim_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed)) == 6
    assert out() == []


def test_a_source_whose_poller_died_is_polled_again(session: Session, out: Poll, origin: Origin) -> None:
    add_source(session, origin.url("/rss"), lease_until=NOW - timedelta(seconds=1))
    origin.add("/rss", body=feed(item(1)))
    assert poll(out, session).stored == 1


def test_a_source_that_is_off_is_left_alone(session: Session, out: Poll, origin: Origin) -> None:
    add_source(session, origin.url("/rss"), enabled=False)
    assert out() == []
    assert origin.connections == 0


def test_a_source_that_is_deleted_while_it_is_polled_leaves_nothing(
    session: Session, out: Poll, origin: Origin
) -> None:
    def delete(seen: Seen) -> Answer:
        with transaction() as own:
            own.execute(text("DELETE FROM source"))
        return Answer(200, feed(item(1)))

    add_source(session, origin.url("/rss"))
    origin.add("/rss", delete)
    assert poll(out, session).stored == 0
    assert articles(session) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_polls_what_is_due_and_stops_when_told(
    session: Session, environment: dict[str, str], origin: Origin, number: signal.Signals
) -> None:
    arrived = threading.Event()

    def answer(seen: Seen) -> Answer:
        arrived.set()
        return Answer(200, feed(item(1)))

    origin.add("/rss", answer)
    add_source(session, origin.url("/rss"))
    process = subprocess.Popen([sys.executable, "-m", "ingest"], env=environment, stderr=subprocess.PIPE, text=True)
    try:
        assert arrived.wait(60)
        os.kill(process.pid, number)
        _, log = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0, log
    assert "ingest.stopped" in log
    assert session.scalar(select(func.count()).select_from(Article)) == 1

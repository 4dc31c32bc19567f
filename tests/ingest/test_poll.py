"""Whose turn it is, on real servers: one request to a host at a time, over processes, and what survives a kill."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack
from itertools import pairwise

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from ingest.jobs import Followed, Polled
from tests.fakes.origin import Answer, Origin, Seen
from tests.ingest.polling import HTML, PAGE, Poll, add_source, articles, feed, full_text_source, item, links, pages


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

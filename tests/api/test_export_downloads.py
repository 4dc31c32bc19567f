"""Downloads of exports: whole files or none at all, and no query that outlives its reader."""

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.resources.exports.formats import FORMATS
from tests.api import rows
from tests.api.files import export, many, read_csv


def exporting(session: Session) -> int:
    """How many exports the database works for."""
    session.rollback()
    asked = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'yinqi export' AND state <> 'idle'"
    return int(session.execute(text(asked)).scalar_one())


def until(holds: Callable[[], bool]) -> None:
    for _ in range(500):
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError("it never came to that")


def test_an_abandoned_download_ends_its_query_at_once(alice: httpx.Client, session: Session) -> None:
    """Even one that has not found its first row."""
    rows.event(session, rows.bank(session), None)
    session.execute(text("LOCK TABLE event IN ACCESS EXCLUSIVE MODE"))
    watcher = Session(session.get_bind())
    with pytest.raises(httpx.ReadTimeout):
        alice.get("/v1/exports/events", timeout=0.5)
    until(lambda: exporting(watcher) == 0)
    watcher.close()
    session.rollback()
    assert len(read_csv(export(alice).content)) == 2


def test_a_download_that_is_broken_off_midway_ends_its_query(alice: httpx.Client, session: Session) -> None:
    many(session, 30_000)
    with alice.stream("GET", "/v1/exports/events", params={"format": "jsonl"}) as answer:
        pieces = answer.iter_bytes()  # kept: one that is let go closes the connection
        assert next(pieces)
        assert exporting(session) == 1
    until(lambda: exporting(session) == 0)


@pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.name)
def test_a_failure_midway_does_not_look_like_a_whole_file(alice: httpx.Client, session: Session, one: Any) -> None:
    many(session, 30_000)
    kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'yinqi export'"
    with (
        pytest.raises(httpx.RemoteProtocolError),
        alice.stream("GET", "/v1/exports/events", params={"format": one.name}) as answer,
    ):
        pieces = answer.iter_raw()
        next(pieces)
        assert session.execute(text(kill)).all() == [(True,)]
        for _ in pieces:
            pass


def test_a_subscriber_has_so_many_exports_at_a_time(alice: httpx.Client, session: Session) -> None:
    many(session, 30_000)
    asked = {"format": "jsonl"}
    with (
        alice.stream("GET", "/v1/exports/events", params=asked) as first,
        alice.stream("GET", "/v1/exports/events", params=asked) as second,
    ):
        assert (first.status_code, second.status_code) == (200, 200)
        third = alice.get("/v1/exports/events", params=asked)
        assert third.status_code == 429
        assert third.headers["retry-after"] and "wait for one" in third.json()["detail"]
    until(lambda: alice.get("/v1/exports/banks").status_code == 200)

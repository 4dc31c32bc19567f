"""A hint may go ahead of its row: whoever takes it up waits for the transaction that makes it, and not for long."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from redis.exceptions import RedisError
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core import ahead, messages, sql, work
from core.ahead import Ahead, locking_made
from core.database import at_once, pipelined
from core.models import Article, Notice, WorkState
from core.sql import Flight
from tests.flow.chain import until

_MAKE = sql.Query(text("INSERT INTO notice (id, kind, article_id) VALUES (:id, 'canary', :article_id)"))
_NONE_GRANTED = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")


def _article(session: Session, mark: str) -> Article:
    made = Article(title=mark, text=mark, content_hash=mark)
    session.add(made)
    session.commit()
    return made


@pytest.fixture
def article(session: Session) -> Article:
    return _article(session, "甲")


@pytest.fixture
def worker() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "PATIENCE", 600.0)


def _claimed(row_id: UUID) -> Any:
    seen: list[Any] = []
    work.attempt(work.MATCH, row_id, lambda _, row: seen.append(row), claiming=locking_made, counted=False)
    return seen.pop() if seen else None


def _waiting_for(worker: ThreadPoolExecutor, row_id: UUID, session: Session) -> "Future[Any]":
    """What a worker claims that waits already."""
    claimed = worker.submit(_claimed, row_id)
    until(lambda: session.scalar(_NONE_GRANTED) == 1)
    return claimed


def _sent() -> int:
    return work.queue_length("alerts") or 0


@pytest.mark.usefixtures("patient")
def test_who_comes_early_waits_for_the_row(session: Session, article: Article, worker: ThreadPoolExecutor) -> None:
    with pipelined() as flight:
        held = Ahead(flight)
        claimed = _waiting_for(worker, held.id, session)
        _MAKE(flight, id=held.id, article_id=article.id)
    assert claimed.result().id == held.id
    row = session.get_one(Notice, held.id)
    assert (row.attempts, row.state) == (1, WorkState.DONE)


@pytest.mark.usefixtures("patient")
def test_where_no_row_was_made_nothing_is_claimed(session: Session, worker: ThreadPoolExecutor) -> None:
    with pipelined() as flight:
        claimed = _waiting_for(worker, Ahead(flight).id, session)
    assert claimed.result() is None


@pytest.mark.usefixtures("patient")
def test_a_transaction_that_fails_lets_go(session: Session, article: Article, worker: ThreadPoolExecutor) -> None:
    with pytest.raises(RuntimeError), pipelined() as flight:
        held = Ahead(flight)
        claimed = _waiting_for(worker, held.id, session)
        _MAKE(flight, id=held.id, article_id=article.id)
        raise RuntimeError("the work failed")
    assert claimed.result() is None


def _made(session: Session, article: Article) -> UUID:
    notice = Notice(kind="canary", article_id=article.id)
    session.add(notice)
    session.commit()
    return notice.id


def test_who_has_the_row_waits_for_other_locks_as_ever(session: Session, article: Article) -> None:
    told: list[Any] = []
    ask = sql.Query(select(func.current_setting("lock_timeout").label("told")))

    def act(flight: Flight, _: Any) -> None:
        told.append(ask(flight).fetchone().told)  # type: ignore[union-attr]

    assert work.attempt(work.MATCH, _made(session, article), act, claiming=locking_made, counted=False) == "done"
    assert told == ["0"]


def test_a_row_that_was_only_locked_counts_its_failure_and_is_nobody_elses_meanwhile(
    session: Session, article: Article, worker: ThreadPoolExecutor
) -> None:
    row_id = _made(session, article)
    others: list[Any] = []

    def act(*_: Any) -> None:
        others.append(worker.submit(work.attempt, work.MATCH, row_id, lambda *_: None).result())
        raise RuntimeError("the work failed")

    assert work.attempt(work.MATCH, row_id, act, claiming=locking_made, counted=False) == "failed"
    session.rollback()
    row = session.get_one(Notice, row_id)
    assert (others, row.attempts, row.state) == ([None], 1, WorkState.OPEN)
    assert row.reason == "RuntimeError: the work failed"


def test_nobody_waits_for_long(session: Session, worker: ThreadPoolExecutor) -> None:
    with pipelined() as flight:
        held = Ahead(flight)
        assert _waiting_for(worker, held.id, session).result(timeout=30) is None
        assert worker.submit(_lock_timeout).result() == "0", "who has waited waits for other locks as ever"


def _lock_timeout() -> Any:
    with at_once() as flight:
        return sql.Query(select(func.current_setting("lock_timeout").label("told")))(flight).fetchone().told  # type: ignore[union-attr]


def _announced(flight: Flight, held: Ahead, article: Article) -> None:
    _MAKE(flight, id=held.id, article_id=article.id)
    work.announce(flight, work.MATCH, held.id)


def test_what_went_ahead_is_sent_once(session: Session, article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "AHEAD", 600.0)
    other = _article(session, "乙")
    with pipelined() as flight:
        held = Ahead(flight)
        held.send(work.MATCH)
        assert _sent() == 1
        _announced(flight, held, article)
        _announced(flight, Ahead(flight), other)
    assert _sent() == 2, "the other's message, and none for the one that went ahead"


def _is_away() -> None:
    raise RedisError("the broker is away")


@pytest.mark.parametrize("trouble", ["late", "broker"])
def test_what_nobody_waits_for_any_more_is_sent_again(
    article: Article, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    """So it is where the commit comes late, and where the broker was away."""
    with pipelined() as flight:
        held = Ahead(flight)
        if trouble == "broker":
            monkeypatch.setattr("core.broker.put_ahead", lambda *_: _is_away)
            held.send(work.MATCH)
        else:
            monkeypatch.setattr(messages, "AHEAD", 0.0)
            held.send(work.MATCH)
        before = _sent()
        _announced(flight, held, article)
    assert _sent() == before + 1

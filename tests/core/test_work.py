"""Work is a row: leased, counted, swept, and failed with its reason."""

from contextlib import suppress
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from core import sql, work
from core.celery_app import app
from core.database import announced_first, pipelined, transaction
from core.messages import log_after_commit
from core.models import Article, Bank, WorkState
from core.settings import settings
from tests.overtaken import claimed_and_then

_PID = sql.Query(select(func.pg_backend_pid()))


def _article(session: Session, mark: str = "a") -> Article:
    article = Article(title=mark, text=mark, content_hash=mark)
    session.add(article)
    session.commit()
    return article


def _waiting() -> int:
    return work.queue_length("extractor") or 0


def test_a_message_leaves_after_the_commit_and_never_before(session: Session) -> None:
    article = _article(session)
    with transaction() as inner:
        work.announce(inner, work.EXTRACT, article.id)
        assert _waiting() == 0
    assert _waiting() == 1


def test_a_rolled_back_transaction_sends_nothing(session: Session) -> None:
    article = _article(session)
    with pytest.raises(RuntimeError), transaction() as inner:
        work.announce(inner, work.EXTRACT, article.id)
        raise RuntimeError("the work failed")
    assert _waiting() == 0


@pytest.mark.parametrize("ends", ["well", "badly"])
def test_the_log_tells_what_was_done_when_it_is_done(environment: dict[str, str], ends: str) -> None:
    with capture_logs() as told, suppress(RuntimeError), pipelined() as flight:
        log_after_commit(flight, structlog.get_logger(), "event.found", event_id="甲")
        assert not told
        if ends == "badly":
            raise RuntimeError("the work failed")
    found = {"event": "event.found", "log_level": "info", "event_id": "甲"}
    assert told == ([found] if ends == "well" else [])


def test_what_is_announced_first_can_be_seen_by_then_and_is_on_disk_at_the_end(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int | None, str | None]] = []

    def announced(_: sql.Asker) -> None:
        written = session.scalar(text("SELECT pg_current_wal_insert_lsn()::text"))
        seen.append((session.scalar(select(func.count(Article.id))), written))

    monkeypatch.setattr("core.messages.flush", announced)
    with announced_first() as flight:
        sql.order(flight, "INSERT INTO article (title, text, content_hash) VALUES ('甲', '甲', 'a')")
        assert not seen
    count, written = seen[0]
    assert count == 1
    assert session.scalar(text("SELECT pg_current_wal_flush_lsn() >= CAST(:lsn AS pg_lsn)"), {"lsn": written})


def test_two_workers_never_hold_one_row(session: Session) -> None:
    article = _article(session)
    with transaction() as first:
        assert work.claim(first, work.EXTRACT, article.id).attempts == 1
        with transaction() as second:
            assert work.claim(second, work.EXTRACT, article.id) is None
    with transaction() as third:
        assert work.claim(third, work.EXTRACT, article.id) is None


def test_a_poison_row_ends_as_failed_with_its_reason_and_can_be_requeued(session: Session) -> None:
    article = _article(session)

    def poison(_: Session, __: Article) -> None:
        raise ValueError("cannot be read")

    for _ in range(settings().max_attempts):
        session.execute(update(Article).values(due_at=func.now()))
        session.commit()
        assert work.attempt(work.EXTRACT, article.id, poison)
    session.refresh(article)
    assert article.state == WorkState.FAILED
    assert "cannot be read" in (article.reason or "")
    assert work.requeue(session, work.EXTRACT) == 1
    session.commit()
    assert work.attempt(work.EXTRACT, article.id, lambda *_: None)
    session.refresh(article)
    assert article.state == WorkState.DONE


def test_a_row_whose_worker_dies_each_time_is_given_up(session: Session) -> None:
    article = _article(session)
    for _ in range(settings().max_attempts):
        with transaction() as held:
            assert work.claim(held, work.EXTRACT, article.id) is not None
        session.execute(update(Article).values(lease_until=func.now() - timedelta(seconds=1)))  # the worker is dead
        session.commit()
    assert work.attempt(work.EXTRACT, article.id, pytest.fail) is None
    session.refresh(article)
    assert article.state == WorkState.FAILED
    assert "worker lost" in (article.reason or "")


def test_what_an_overtaken_worker_did_is_rolled_back(session: Session) -> None:
    article = _article(session)

    def forgets() -> None:  # the lease has ended, and another worker is done with the row
        with transaction() as other:
            other.execute(update(Article).values(state=WorkState.DONE))

    def act(inner: Session, _: Article) -> None:
        sql.order(inner, "INSERT INTO bank (name, kind) VALUES ('甲', 'city')")

    assert work.attempt(work.EXTRACT, article.id, act, claiming=claimed_and_then(forgets)) == "overtaken"
    assert session.scalar(select(func.count(Bank.id))) == 0


def test_a_connection_lost_amid_the_work_costs_this_attempt_only(session: Session) -> None:
    article = _article(session)

    def act(inner: Session, _: Article) -> None:
        session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": sql.driver(inner).info.backend_pid})
        _PID(inner).fetchone()

    assert work.attempt(work.EXTRACT, article.id, act) == "failed"
    session.refresh(article)
    assert article.state == WorkState.OPEN
    assert "terminat" in (article.reason or "")
    session.execute(update(Article).values(due_at=func.now()))
    session.commit()
    assert work.attempt(work.EXTRACT, article.id, lambda *_: None) == "done"


def test_the_sweep_sends_for_what_was_forgotten_and_leaves_the_rest(session: Session) -> None:
    forgotten, heeded = _article(session, "forgotten"), _article(session, "heeded")
    session.execute(update(Article).where(Article.id == forgotten.id).values(sent_at=func.now() - timedelta(minutes=1)))
    session.commit()
    assert work.sweep(work.EXTRACT) == 1
    assert work.sweep(work.EXTRACT) == 0
    assert heeded.state == WorkState.OPEN


def test_stopped_workers_find_the_backlog_once(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINQI_QUEUE_HIGH_WATER", "10")
    settings.cache_clear()
    for n in range(30):
        session.add(Article(title=str(n), text="x", content_hash=str(n), sent_at=None))
    session.commit()
    for _ in range(5):
        session.execute(update(Article).values(sent_at=func.now() - timedelta(minutes=1)))
        session.commit()
        work.sweep(work.EXTRACT)
    assert _waiting() == 10


def test_news_overtakes_the_history_that_waits(session: Session) -> None:
    old = [_article(session, str(n)) for n in range(3)]
    session.execute(update(Article).values(later=True, sent_at=None))
    session.commit()
    assert work.sweep(work.EXTRACT) == 3
    news = _article(session, "news")
    with transaction() as inner:
        work.announce(inner, work.EXTRACT, news.id)
    assert _waiting() == 4
    with app.connection_for_read() as broker:
        taken = [broker.default_channel.basic_get("extractor", no_ack=True) for _ in range(4)]
    ids = [one.headers["kwargsrepr"] for one in taken]
    assert str(news.id) in ids[0]
    assert all(any(str(row.id) in told for told in ids[1:]) for row in old)


def test_a_sweep_with_little_room_sends_for_news_before_older_history(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YINQI_QUEUE_HIGH_WATER", "1")
    settings.cache_clear()
    history, news = _article(session, "history"), _article(session, "news")
    session.execute(update(Article).values(sent_at=None))
    long_ago = func.now() - timedelta(hours=1)
    session.execute(update(Article).where(Article.id == history.id).values(later=True, due_at=long_ago))
    session.commit()
    assert work.sweep(work.EXTRACT) == 1
    session.expire_all()
    assert news.sent_at is not None
    assert history.sent_at is None

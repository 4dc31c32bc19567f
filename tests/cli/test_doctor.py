"""The doctor finds what is wrong, says what to do, and needs nothing to be running."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import text
from sqlalchemy.orm import Session

from core import secrets
from core.clock import now
from core.models import Article, Channel, Source, Subscriber
from core.settings import settings
from tests.cli.conftest import Yinqi, command


def _lines(yinqi: Yinqi, word: str) -> list[str]:
    """The lines of the doctor's answer that hold `word`, each with the line after it."""
    lines = [*yinqi("doctor").output.splitlines(), ""]
    return [f"{line}\n{following}" for line, following in pairwise(lines) if word in line]


def test_where_nothing_runs_it_says_how_to_start(home: Path) -> None:
    result = command("doctor", YINQI_HOME=str(home / "nowhere"))
    assert result.returncode == 1
    assert "yinqi up" in result.stdout
    assert "Traceback" not in result.stderr
    assert not (home / "nowhere" / "postgres").exists()


def test_a_wrong_setting_is_named(home: Path) -> None:
    result = command("doctor", YINQI_HOME=str(home / "nowhere"), YINQI_API_PORT="many")
    assert result.returncode == 1
    assert "YINQI_API_PORT" in result.stdout


def test_a_database_that_is_away_is_told_without_a_traceback(home: Path) -> None:
    away = {"YINQI_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x", "YINQI_BROKER_URL": "redis://127.0.0.1:1/0"}
    result = command("doctor", YINQI_HOME=str(home / "nowhere"), **away)
    assert result.returncode == 1
    assert "YINQI_DATABASE_URL" in result.stdout
    assert "YINQI_BROKER_URL" in result.stdout
    assert "Traceback" not in result.stderr


def test_what_is_well_is_said_to_be(yinqi: Yinqi) -> None:
    for word in ("database answers", "up to date", "evicts nothing", "opens all 0 sealed"):
        (line,) = _lines(yinqi, word)
        assert line.startswith("ok")


def test_tables_of_another_revision_are_found(yinqi: Yinqi, session: Session) -> None:
    session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    session.commit()
    (line,) = _lines(yinqi, "revision")
    assert line.startswith("wrong")
    assert "yinqi init" in line


def test_a_broker_that_drops_messages_is_found(yinqi: Yinqi) -> None:
    with Redis.from_url(settings().broker_url) as broker:
        broker.config_set("maxmemory-policy", "allkeys-lru")
        (line,) = _lines(yinqi, "maxmemory-policy allkeys-lru")
        broker.config_set("maxmemory-policy", "noeviction")
    assert line.startswith("wrong")
    assert "CONFIG SET" in line


def test_a_key_that_opens_no_secret_is_found(yinqi: Yinqi, session: Session) -> None:
    owner = Subscriber(name="desk")
    session.add(owner)
    session.flush()
    session.add(Channel(subscriber_id=owner.id, kind="webhook", name="x", config={}, secret=secrets.seal("whsec_x")))
    session.commit()
    secrets.key_file(settings()).unlink()
    secrets.ensure_key(settings())
    (line,) = _lines(yinqi, "cannot be opened")
    assert line.startswith("wrong")


@pytest.mark.parametrize(("age", "verdict"), [(5, "ok"), (3600, "wrong")])
def test_dead_workers_are_told_by_the_canary(
    yinqi: Yinqi, session: Session, monkeypatch: pytest.MonkeyPatch, age: float, verdict: str
) -> None:
    monkeypatch.setenv("YINQI_CANARY_INTERVAL", "60")
    settings.cache_clear()
    moment = now() - timedelta(seconds=age)
    statement = """
        WITH a AS (
            INSERT INTO article (title, text, content_hash, canary, fetched_at, state)
            VALUES ('c', 'c', 'c', true, :at, 'done') RETURNING id
        )
        INSERT INTO notice (kind, article_id, state, created_at, done_at) SELECT 'canary', id, 'done', :at, :at FROM a
    """
    session.execute(text(statement), {"at": moment})
    session.commit()
    (line,) = _lines(yinqi, "canary article")
    assert line.startswith(verdict)


def test_failed_rows_are_counted_and_the_way_back_is_told(yinqi: Yinqi, session: Session) -> None:
    session.add(Article(title="t", text="x", content_hash="h", state="failed", reason="it was poison"))
    session.commit()
    (line,) = _lines(yinqi, "it was poison")
    assert line.startswith("wrong")
    assert "yinqi retry --all --step extract" in line


def test_work_that_waits_too_long_is_found(yinqi: Yinqi, session: Session) -> None:
    session.add(Article(title="t", text="x", content_hash="h", due_at=now() - timedelta(hours=2)))
    session.commit()
    (line,) = _lines(yinqi, "oldest open row")
    assert "queue extractor" in line


def test_a_source_that_keeps_failing_is_named(yinqi: Yinqi, session: Session) -> None:
    session.add(Source(name="坏源", url="https://example.com/x", kind="rss", failures=7, last_error="answered 404"))
    session.commit()
    (line,) = _lines(yinqi, "坏源")
    assert "404" in line
    assert line.startswith("wrong")


def test_a_source_in_trouble_is_named_with_its_reason_and_what_to_do(yinqi: Yinqi, session: Session) -> None:
    told = {"health": "challenged", "health_since": now(), "health_reason": "a page that wants a captcha"}
    session.add(Source(name="难源", url="https://example.com/y", kind="rss", **told))
    session.commit()
    (line,) = _lines(yinqi, "难源")
    assert line.startswith("wrong")
    assert "is challenged since" in line and "a page that wants a captcha" in line
    assert "ask its owner for a feed" in line


def test_a_mail_server_that_is_away_matters_only_to_mail_channels(
    yinqi: Yinqi, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YINQI_SMTP_PORT", "1")
    settings.cache_clear()
    (line,) = _lines(yinqi, "e-mail")
    assert line.startswith("ok")
    owner = Subscriber(name="desk")
    session.add(owner)
    session.flush()
    session.add(Channel(subscriber_id=owner.id, kind="email", name="x", config={"to": "a@example.com"}))
    session.commit()
    (line,) = _lines(yinqi, "mail server")
    assert line.startswith("wrong")

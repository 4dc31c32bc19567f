"""Health: red says why, and says nothing private."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy.orm import Session

from api.resources.health import state
from core import canary
from core.clock import now
from core.models import Article, Notice
from core.settings import settings
from tests.api import rows


@pytest.fixture
def canaries_each_minute(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Canaries are sent, and this process has been up for long."""
    monkeypatch.setenv("YINQI_CANARY_INTERVAL", "60")
    settings.cache_clear()
    monkeypatch.setattr(state, "up_for", lambda: 86400.0)


def _canary(session: Session, seconds: float) -> None:
    """A canary that came through the chain so long ago."""
    bird = canary.article()
    bird.state = "done"
    session.add(bird)
    session.flush()
    done_at = now() - timedelta(seconds=seconds)
    session.add(Notice(kind="canary", article_id=bird.id, state="done", done_at=done_at))
    session.commit()


def test_the_process_answers_without_a_key(stranger: httpx.Client) -> None:
    assert stranger.get("/healthz").json() == {"status": "ok"}


def test_readiness_names_what_does_not_answer(stranger: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert stranger.get("/readyz").json() == {"status": "ok", "database": "ok", "broker": "ok"}
    monkeypatch.setenv("YINQI_BROKER_URL", "redis://:hunter2@127.0.0.1:1/0")
    settings.cache_clear()
    answer = stranger.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "ok"
    assert "does not answer" in answer.json()["broker"]
    assert "hunter2" not in answer.text


def test_a_fresh_canary_is_green(stranger: httpx.Client, session: Session, canaries_each_minute: None) -> None:
    _canary(session, 1000)
    _canary(session, 10)
    answer = stranger.get("/v1/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "green")
    assert 10 <= answer.json()["canary"]["age_seconds"] < 100


@pytest.mark.parametrize("age", [None, 151])
def test_a_late_canary_is_red_with_the_reason(
    stranger: httpx.Client, session: Session, canaries_each_minute: None, age: float | None
) -> None:
    if age is not None:
        _canary(session, age)
    answer = stranger.get("/v1/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "red")
    assert "canary" in answer.json()["reasons"][0]


def test_a_process_that_has_just_begun_does_not_judge_the_canary(
    stranger: httpx.Client, canaries_each_minute: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "up_for", lambda: 149.0)
    assert stranger.get("/v1/health").status_code == 200


def test_without_canaries_none_is_missed(stranger: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "up_for", lambda: 86400.0)
    assert stranger.get("/v1/health").json()["reasons"] == []


def test_a_row_that_waits_too_long_is_red_and_names_its_step(stranger: httpx.Client, session: Session) -> None:
    rows.article(session, state="open", due_at=now() - timedelta(hours=1))
    rows.article(session, state="failed", reason="cannot be read")
    answer = stranger.get("/v1/health")
    assert answer.status_code == 503
    assert "step extract" in answer.json()["reasons"][0]
    assert answer.json()["steps"]["extract"]["open"] == 1
    assert answer.json()["steps"]["extract"]["failed"] == 1
    assert "cannot be read" not in answer.text


def test_a_delivery_that_waits_for_its_next_try_is_no_fault(stranger: httpx.Client, session: Session) -> None:
    rows.article(session, state="open", due_at=now() + timedelta(hours=1))
    assert stranger.get("/v1/health").json()["steps"]["extract"] == {"open": 1, "oldest_seconds": 0, "failed": 0}


def test_the_canary_counts_as_no_open_row_but_its_waiting_is_seen(stranger: httpx.Client, session: Session) -> None:
    bird: Article = canary.article()
    bird.due_at = now() - timedelta(hours=1)
    session.add(bird)
    session.commit()
    step = stranger.get("/v1/health").json()["steps"]["extract"]
    assert step["open"] == 0
    assert step["oldest_seconds"] >= 3600

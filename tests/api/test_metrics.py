"""Metrics: asked of the rows at each scrape; every example rule names one that exists."""

import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from sqlalchemy.orm import Session

from core import database
from core.clock import first_id, now
from core.models import Channel, Source, Subscriber
from core.settings import settings
from tests.alerts import samples
from tests.api import rows

RULES = Path(__file__).parents[2] / "docs" / "alert-rules.yml"


def _scraped(client: httpx.Client) -> dict[tuple[str, str], float]:
    """Value by (metric, labels as text)."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, ",".join(f"{key}={value}" for key, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.fixture
def busy(session: Session) -> str:
    """A chain in which each metric has something to tell; the id of its source."""
    source = Source(name="示例", url="https://news.example.com/rss", kind="feed", failures=3)
    subscriber = Subscriber(name="alice")
    session.add_all([source, subscriber])
    session.flush()
    channel = Channel(subscriber_id=subscriber.id, kind="email", name="desk", config={})
    session.add(channel)
    rows.article(session, state="open", due_at=now() - timedelta(seconds=100))
    told, bank = rows.article(session, fetched_at=now() - timedelta(seconds=30)), rows.bank(session)
    event = rows.event(session, bank, None, told, first_seen=now())
    samples.delivery(session, channel, event.id, told.id, state="done", delivered_at=now())
    return str(source.id)


def test_a_scrape_tells_the_state_of_the_chain(stranger: httpx.Client, busy: str) -> None:
    found = _scraped(stranger)
    assert found["yinqi_database_up", ""] == 1
    assert found["yinqi_open_rows", "step=extract"] == 1
    assert found["yinqi_oldest_open_seconds", "step=extract"] >= 100
    assert found["yinqi_oldest_open_seconds", "step=deliver"] == 0
    assert found["yinqi_rows_last_hour", "state=done,step=deliver"] == 1
    assert found["yinqi_rows_last_hour", "state=failed,step=extract"] == 0
    assert found["yinqi_events_last_hour", ""] == 1
    assert 30 <= found["yinqi_delivery_lag_seconds", "quantile=0.95"] < 300
    assert found["yinqi_source_failures", f"name=示例,source={busy}"] == 3


def test_every_metric_of_the_example_rules_exists(stranger: httpx.Client, busy: str) -> None:
    named = set(re.findall(r"\byinqi_\w+", RULES.read_text(encoding="utf-8")))
    families = {family.name for family in text_string_to_metric_families(stranger.get("/metrics").text)}
    assert len(named) >= 8
    assert named <= families


def test_a_database_that_is_away_is_a_metric_and_no_failed_scrape(
    stranger: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YINQI_DATABASE_URL", "postgresql://127.0.0.1:1/none")
    database.engine().dispose()
    database.engine.cache_clear()
    settings.cache_clear()
    assert _scraped(stranger)["yinqi_database_up", ""] == 0


def test_the_least_id_of_a_moment_is_below_every_row_made_then(session: Session) -> None:
    before = now()
    made = rows.article(session)
    assert first_id(before - timedelta(milliseconds=1)) < made.id < first_id(now() + timedelta(seconds=1))


def test_open_rows_are_found_through_their_partial_index(session: Session) -> None:
    session.execute(
        text(
            "INSERT INTO article (title, text, content_hash, state) "
            "SELECT 'x', 'x', 'h' || n, 'done' FROM generate_series(1, 20000) AS n"
        )
    )
    session.commit()
    session.execute(text("ANALYZE article"))
    for query in (
        "SELECT count(*) FROM article WHERE state = 'open' AND NOT (canary)",
        "SELECT min(due_at) FROM article WHERE state = 'open'",
    ):
        plan = "\n".join(session.scalars(text(f"EXPLAIN {query}")))
        assert "ix_article_open" in plan

"""A backtest says what a watchlist would have told, and what not, and why."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.clock import now
from core.models import Article, Event, EventVersion, LexiconChange, Mention, Watchlist
from tests.api import rows
from tests.api.conftest import Subscribe

DRAFT: dict[str, Any] = {"name": "x", "banks": ["工行"]}


@pytest.fixture
def history(session: Session) -> dict[str, Event]:
    """Three events of one bank: with a sum, without one, and of no technology firm; all of an hour ago."""
    told = rows.article(session, text="工商银行向示例机器人发放贷款。")
    icbc = rows.bank(session, "工商银行", "工行")
    robots, textiles = rows.firm(session, "示例机器人", sector="robotics"), rows.firm(session, "示例纺织")
    nothing = {"amount_min": None, "amount_max": None, "currency": None, "qualifier": None}
    events = {
        "sum": rows.event(session, icbc, robots, told, regions=["江苏", "苏州"], sector="robotics"),
        "no sum": rows.event(session, icbc, robots, **nothing),
        "textiles": rows.event(session, icbc, textiles, tech=False),
    }
    session.add(
        Mention(article_id=told.id, kind="bank", name="工商银行", bank_id=icbc.id, start=0, end=4, where="text")
    )
    session.execute(update(EventVersion).values(at=now() - timedelta(hours=1)))
    session.execute(update(Article).values(fetched_at=now() - timedelta(hours=1)))
    session.commit()
    return events


def _tested(client: httpx.Client, asked: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    answer = client.post("/v1/watchlists/backtest", json={"watchlist": DRAFT | changes} | (asked or {}))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _told(found: dict[str, Any]) -> set[str]:
    return {item["event"] for item in found["items"] if item["event"]}


def test_a_list_would_have_told_what_it_wants_and_says_by_what(alice: httpx.Client, history: dict[str, Event]) -> None:
    found = _tested(alice)
    assert _told(found) == {str(history["sum"].id), str(history["no sum"].id)}
    assert (found["looked_at"], found["told"], found["complete"]) == (3, 2, True)
    assert all({"kind": "bank", "name": "工行"} in item["hits"] for item in found["items"])
    [missed] = found["missed"]
    assert (missed["reason"], missed["count"], missed["event"]) == ("tech", 1, str(history["textiles"].id))


def test_an_event_without_a_sum_never_reaches_a_least_amount_and_it_says_so(
    alice: httpx.Client, history: dict[str, Event]
) -> None:
    found = _tested(alice, min_amount=10_000_000, tech_only=False)
    assert _told(found) == {str(history["sum"].id), str(history["textiles"].id)}
    [missed] = found["missed"]
    assert (missed["reason"], missed["event"]) == ("amount_missing", str(history["no sum"].id))
    assert "no amount is told" in missed["words"]


def test_a_saved_list_is_tested_as_one_that_is_not(alice: httpx.Client, history: dict[str, Event]) -> None:
    saved = alice.post("/v1/watchlists", json=DRAFT).json()
    answer = alice.post(f"/v1/watchlists/{saved['id']}/backtest", json={"until": now().isoformat()}).json()
    assert _told(answer) == _told(_tested(alice))


def test_words_are_looked_for_in_titles_and_evidence_of_events(
    alice: httpx.Client, history: dict[str, Event], session: Session
) -> None:
    article = session.scalars(select(Article)).one()
    article.title = "专精特新企业又得支持"
    session.commit()
    assert _told(_tested(alice, banks=[], words=["专精特新"])) == {str(history["sum"].id)}
    assert _told(_tested(alice, words=["专精特新"], logic="all")) == {str(history["sum"].id)}
    assert not _told(_tested(alice, banks=[], words=["从未出现"]))


def test_mentions_are_told_where_the_list_asks_for_them(alice: httpx.Client, history: dict[str, Event]) -> None:
    assert not [item for item in _tested(alice)["items"] if item["type"] == "mention.created"]
    [item] = _tested(alice, triggers=["mention"])["items"]
    assert (item["type"], item["title"]) == ("mention.created", "一则新闻")


def test_only_the_time_that_is_asked_for_is_looked_at_and_the_latest_shown(
    alice: httpx.Client, history: dict[str, Event]
) -> None:
    assert _tested(alice, {"until": (now() - timedelta(hours=2)).isoformat()})["looked_at"] == 0
    shown = _tested(alice, {"limit": 1})
    assert (shown["told"], len(shown["items"])) == (2, 1)


def test_a_draft_leaves_nothing_behind(alice: httpx.Client, history: dict[str, Event], session: Session) -> None:
    _tested(alice, firms=["从未听说的公司"])
    assert not session.scalar(select(func.count()).select_from(Watchlist))
    assert not session.scalar(select(func.count()).select_from(LexiconChange).where(LexiconChange.what == "watchlist"))


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"since": "2026-03-02", "until": "2026-03-01"}, "body"),
        ({"since": "2016-03-02", "until": "2026-03-01"}, "body"),
        ({"limit": 0}, "body.limit"),
        ({"since": "soon"}, "body.since"),
    ],
)
def test_a_time_that_makes_no_sense_is_refused(alice: httpx.Client, asked: dict[str, Any], field: str) -> None:
    answer = alice.post("/v1/watchlists/backtest", json={"watchlist": DRAFT} | asked)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_draft_is_refused_as_a_list_would_be(alice: httpx.Client, subscribe: Subscribe) -> None:
    answer = alice.post("/v1/watchlists/backtest", json={"watchlist": {"name": "x", "sectors": ["没有这行"]}})
    assert answer.status_code == 422
    assert "sectors" in answer.json()["errors"][0]["field"]

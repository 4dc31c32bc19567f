"""What is new leaves for the next worker while its row is being made, and is one row with one message all the same."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core import messages, work
from core.database import announced_first
from core.messages import lists
from core.models import Article, Notice
from extractor import process as processing
from extractor import store
from ingest.push import PushedArticle, push
from tests.extractor.telling import extracted, stored, tell
from tests.ingest.alone import push_alone
from tests.queued import given, lying

GRANT = "记者获悉，澄湖量子科技有限公司近日获杭州银行{}贷款。"


@pytest.fixture(autouse=True)
def _time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Articles stay fresh while the lexicon is loaded, and no merge takes too long."""
    monkeypatch.setattr(processing, "_NEWS", timedelta(hours=1))
    monkeypatch.setattr(messages, "AHEAD", 600.0)


def _messages(queue: str = "alerts") -> list[dict[str, Any]]:
    """What the tasks of a queue are called with, the first sent first."""
    return [given(one) for one in lying(queue)]


def _notices(session: Session) -> list[UUID]:
    return list(session.scalars(select(Notice.id).order_by(Notice.id)))


def test_the_first_event_of_a_fresh_article_goes_ahead(seeded: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    add, sent = store.add_event, []

    def adding(*given: Any) -> None:
        sent[:] = _messages()
        add(*given)

    monkeypatch.setattr(store, "add_event", adding)
    tell(seeded, GRANT.format("8000万元") + "同日，宁波银行向云岚微电子有限公司发放贷款500万元。")
    first, second = _notices(seeded)
    assert sent == [{"id": str(first), "ahead": True}]
    assert _messages() == [*sent, {"id": str(second)}]


def test_what_is_known_already_makes_no_notice(seeded: Session) -> None:
    tell(seeded, GRANT.format("8000万元"))
    tell(seeded, "据悉，" + GRANT.format("8000万元"))
    [notice] = _notices(seeded)
    assert [one["id"] == str(notice) for one in _messages()] == [True, False], "a message that nobody finds a row for"


@pytest.mark.parametrize("why", ["quiet", "backlog", "nothing told"])
def test_others_wait_for_the_commit(seeded: Session, why: str) -> None:
    days = timedelta(days=why == "backlog")
    story = "今天的天气很好。" if why == "nothing told" else GRANT.format("8000万元")
    article = stored(seeded, story, quiet=why == "quiet", fetched_at=datetime.now(UTC) - days)
    extracted(seeded, article)
    assert not any("ahead" in one for one in _messages())
    assert len(_messages()) == len(_notices(seeded)) == (why == "backlog")


def test_a_merge_that_fails_leaves_nothing_to_be_claimed(seeded: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("the merge failed")

    article = stored(seeded, GRANT.format("8000万元"))
    with monkeypatch.context() as broken:
        broken.setattr(store, "add_event", fails)
        assert work.attempt(work.EXTRACT, article.id, processing.process) == "failed"
    assert len(_messages()) == 1 and _notices(seeded) == []
    seeded.execute(text("UPDATE article SET due_at = now()"))
    seeded.commit()
    extracted(seeded, seeded.get_one(Article, article.id))
    assert [one["id"] for one in _messages()[1:]] == [str(one) for one in _notices(seeded)]


@pytest.mark.parametrize("count", [1, 2])
def test_an_article_that_is_pushed_alone_goes_ahead(session: Session, count: int) -> None:
    texts = [f"第{n}笔：" + GRANT.format(f"{n}000万元") for n in range(1, count + 1)]
    articles = [PushedArticle("一笔贷款", one) for one in texts]
    with announced_first() as flight:
        pushed = [push_alone(flight, *articles)] if count == 1 else push(flight, articles)
    ahead = {"ahead": True} if count == 1 else {}
    assert _messages("extractor") == [{"id": str(one.article_id)} | ahead for one in pushed]
    assert list(session.scalars(select(Article.id).order_by(Article.id))) == [one.article_id for one in pushed]


@pytest.mark.parametrize("why", ["quiet", "known"])
def test_what_is_quiet_waits_for_its_commit_and_what_is_known_is_not_read_again(session: Session, why: str) -> None:
    article = PushedArticle("一笔贷款", GRANT.format("8000万元"))
    for _ in range(1 + (why == "known")):
        with announced_first() as flight:
            push_alone(flight, article, quiet=why == "quiet")
    first, *others = _messages(lists("extractor")[why == "quiet"])
    [article_id] = session.scalars(select(Article.id))
    assert first == {"id": str(article_id)} | ({"ahead": True} if why == "known" else {})
    assert all(one["ahead"] and one["id"] != str(article_id) for one in others), "of which no row came"

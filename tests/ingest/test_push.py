"""Articles that people bring: each gets its own answer, and a bad one stops no other."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database import transaction
from core.models import Article
from core.work import EXTRACT, queue_length
from ingest.push import PushedArticle, PushResult, push


def pushed(*articles: PushedArticle, quiet: bool = False) -> list[PushResult]:
    with transaction() as session:
        return push(session, articles, quiet=quiet)


def test_each_article_gets_its_own_answer(session: Session) -> None:
    good = PushedArticle("题目", "样例银行放款。", url="https://x.example/1")
    results = pushed(
        good,
        PushedArticle("题目", "样例银行  放款。", url="http://m.x.example/1?spm=7"),
        PushedArticle("题目", "样例银行放款。"),
        PushedArticle("空", ""),
        PushedArticle("太长", "字" * 5_000_001),
        PushedArticle("坏地址", "正文。", url="javascript:alert(1)"),
        PushedArticle("又一条", "另一正文\x00\ud800。"),
    )
    assert [result.status for result in results] == [
        "stored", "duplicate", "duplicate", "rejected", "rejected", "rejected", "stored",
    ]  # fmt: skip
    assert results[0].article_id == results[1].article_id == results[2].article_id
    assert [result.reason for result in results[3:5]] == [
        "the text is empty (0 characters)",
        "the text has 5,000,001 characters; 5,000,000 are the most",
    ]
    assert "its address cannot be used" in (results[5].reason or "")
    assert session.scalars(select(Article.text).order_by(Article.id)).all() == [
        "样例银行放款。",
        "另一正文\ufffd\ufffd。",
    ]
    assert queue_length(EXTRACT.queue) == 2


def test_a_rolled_back_push_announces_nothing(session: Session) -> None:
    with pytest.raises(RuntimeError), transaction() as own:
        push(own, [PushedArticle("题目", "正文。")])
        raise RuntimeError
    assert session.scalars(select(Article)).all() == []
    assert queue_length(EXTRACT.queue) == 0


def test_history_is_quiet(session: Session) -> None:
    now = datetime.now(UTC)
    pushed(
        PushedArticle("今天", "一。", published=now), PushedArticle("上月", "二。", published=now - timedelta(days=30))
    )
    pushed(PushedArticle("补录", "三。"), quiet=True)
    pushed(PushedArticle("无日期", "四。"))
    assert {one.title: one.quiet for one in session.scalars(select(Article))} == {
        "今天": False,
        "上月": True,
        "补录": True,
        "无日期": False,
    }


def test_a_time_without_a_zone_is_chinas(session: Session) -> None:
    pushed(PushedArticle("题目", "正文。", published=datetime(2026, 3, 1, 0, 30)))
    assert session.scalars(select(Article.published)).one() == datetime(2026, 2, 28, 16, 30, tzinfo=UTC)

"""Articles that people bring: each gets its own answer, and a bad one stops no other."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database import transaction
from core.models import Article
from core.work import EXTRACT, queue_length
from ingest.errors import BadArticle
from ingest.files import read_files
from ingest.push import PushedArticle, PushResult, push


def pushed(*articles: PushedArticle, quiet: bool = False) -> list[PushResult]:
    with transaction() as session:
        return push(session, articles, quiet=quiet)


def test_each_article_gets_its_own_answer(session: Session) -> None:
    good = PushedArticle("题目", "样例银行放款。", url="https://x.example/1")
    results = pushed(
        good,
        PushedArticle("别的题目", "别的正文。", url="https://x.example/1?spm=7"),
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


def test_files_are_read_and_what_is_wrong_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# 题目\n\n正文。", "utf-8")
    (tmp_path / "b.txt").write_bytes("一句话的正文。".encode("gb18030"))
    (tmp_path / "c.txt").write_bytes(bytes(range(128, 256)) * 9)
    (tmp_path / "d.jsonl").write_text(
        '{"id": "7", "title": "甲", "text": "正文", "published": "2026-03-01T00:30"}\n'
        "\n"
        "not json\n"
        '{"title": "乙", "text": "正文", "colour": "red"}\n'
        '{"title": "丙", "text": "正文", "published": "昨天"}\n'
        '{"title": "丁"}\n'
        '{"title": 7, "text": "正文"}\n'
        "[]\n" + "[" * 100_000 + "\n"
        '{"title": "戊", "text": "正文"}\n',
        "utf-8",
    )
    (tmp_path / "e.pdf").write_bytes(b"%PDF")
    names = ["a.md", "b.txt", "c.txt", "d.jsonl", "e.pdf", "f.txt"]
    read = list(read_files([tmp_path / name for name in names]))
    good = [one for one in read if isinstance(one, PushedArticle)]
    assert [(one.title, one.text) for one in good] == [
        ("题目", "正文。"),
        ("一句话的正文。", "一句话的正文。"),
        ("甲", "正文"),
        ("戊", "正文"),
    ]
    assert good[2].published == datetime(2026, 2, 28, 16, 30, tzinfo=UTC)
    told = [str(one).removeprefix(f"{tmp_path}/") for one in read if isinstance(one, BadArticle)]
    expected = [
        "c.txt: not readable as text",
        "d.jsonl line 3: not JSON",
        "d.jsonl line 4: unknown field colour",
        "d.jsonl line 5: '昨天' is no ISO date",
        "d.jsonl line 6: without text",
        "d.jsonl line 7: title: not a text",
        "d.jsonl line 8: not a JSON object",
        "d.jsonl line 9: not JSON",
        "e.pdf: not a .txt, .md or .jsonl file",
        "f.txt: No such file or directory",
    ]
    assert len(told) == len(expected)
    for line, start in zip(told, expected, strict=True):
        assert line.startswith(start)

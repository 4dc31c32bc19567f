"""What is newly watched is found in past articles: quietly, once, and going on where it stopped."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import catch_up
from core.database import transaction
from core.models import Article, ArticleIndex, Firm, Mention, Notice, Subscriber, WatchItem, Watchlist
from core.register import BankEntry, FirmEntry
from extractor import lexicon_live, past, text_index
from extractor.catching_up import DUTIES
from seeds.load import load
from tests.extractor.telling import extracted, stored, watch

GRANT = "本报讯 杭州银行向澄湖量子科技有限公司发放科創 貸{}万元，用于采购设备。\n此外，科创贷的余额也在增长。"


@pytest.fixture(autouse=True)
def _registers(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past, "SETTLED", past.SETTLED * 0)
    monkeypatch.setattr(past, "INDEXED", past.INDEXED * 0)
    lexicon_live.forget()
    load(session, banks=[BankEntry(name="杭州银行", kind="city")], firms=[FirmEntry(name="鹤鸣股份")], sources=())
    session.commit()


def tell(session: Session, *texts: str, title: str = "消息") -> list[Article]:
    """Articles that were read before anybody watched."""
    articles = [stored(session, text, title=title, day=None) for text in texts]
    return [extracted(session, article) for article in articles]


def caught_up() -> int:
    """How many rounds it took."""
    rounds = 0
    while catch_up.once(DUTIES):
        rounds += 1
    return rounds


def standing(session: Session, name: str) -> list[tuple[str, int]]:
    session.rollback()
    found = select(Mention.where, Mention.start).where(Mention.name == name).order_by(Mention.where, Mention.start)
    return [(where, start) for where, start in session.execute(found)]


def test_a_new_name_is_found_in_past_articles_and_nobody_is_alerted(session: Session) -> None:
    tell(session, "夜风筝乐队来了。", "昨天，夜 风筝在杭州演出，夜风筝很受欢迎。", "没有它。")
    before = session.scalar(select(func.count(Notice.id)))
    watch(session, ("firm", "夜风筝"))
    caught_up()
    assert standing(session, "夜风筝") == [("text", 0), ("text", 3)]
    assert session.scalar(select(func.count(Notice.id))) == before
    assert session.scalar(select(func.count(Firm.id)).where(Firm.name == "夜风筝")) == 0


def test_a_new_word_has_its_places_in_title_text_and_evidence(session: Session) -> None:
    text = GRANT.format(800)
    tell(session, text, title="科创贷又来")
    watch(session, ("word", "科创贷"))
    caught_up()
    assert standing(session, "科创贷") == [("text", text.index("科創 貸")), ("title", 0)]


def test_what_was_read_after_it_was_watched_is_not_found_twice(session: Session) -> None:
    watch(session, ("word", "科创贷"))
    watch(session, ("firm", "夜风筝"))
    lexicon_live.forget()
    tell(session, "夜风筝拿到科创贷，夜风筝高兴。")
    caught_up()
    assert standing(session, "科创贷") == [("text", 5)] and standing(session, "夜风筝") == [("text", 0)]


def test_looking_back_goes_on_where_it_stopped(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past, "BATCH", 2)
    tell(session, *(f"第{number}场：夜风筝。" for number in range(5)))
    caught_up()
    watch(session, ("firm", "夜风筝"))
    with transaction() as other:
        past.look_back(other)
    item = session.scalars(select(WatchItem)).one()
    assert item.past_before is not None and item.past_at is None and len(standing(session, "夜风筝")) == 2
    assert caught_up() == 2
    session.refresh(item)
    assert item.past_at is not None and len(standing(session, "夜风筝")) == 5


def test_names_of_the_registers_and_what_others_watch_are_not_looked_for(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind, name in (("bank", "杭州银行"), ("firm", "鹤鸣股份"), ("word", "科创贷"), ("sector", "robotics")):
        watch(session, (kind, name))
    looked: list[str] = []
    monkeypatch.setattr(past, "_candidates", lambda _session, _item, word: looked.append(word) or [])
    caught_up()
    assert looked == ["科创贷"]
    session.add(Watchlist(name="again", subscriber_id=session.scalars(select(Subscriber.id)).one()))
    session.flush()
    again = session.scalars(select(Watchlist).where(Watchlist.name == "again")).one()
    again.items = [WatchItem(kind="word", name="科创贷", key="科创贷")]
    session.commit()
    caught_up()
    left = select(func.count(WatchItem.id)).where(WatchItem.past_at.is_(None), WatchItem.kind != "sector")
    assert looked == ["科创贷"] and session.scalar(left) == 0


def test_a_corrected_article_is_indexed_anew(session: Session) -> None:
    [article] = tell(session, "夜风筝来了。")
    caught_up()
    session.refresh(article)
    article.text, article.content_hash, article.state = "昼蜻蜓来了。", "corrected", "open"
    session.commit()
    extracted(session, article)
    watch(session, ("firm", "夜风筝"))
    watch(session, ("firm", "昼蜻蜓"))
    caught_up()
    assert standing(session, "夜风筝") == [] and standing(session, "昼蜻蜓") == [("text", 0)]


def test_nothing_is_looked_for_while_the_index_is_behind(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_index, "BATCH", 2)
    tell(session, "一。夜风筝", "二。夜风筝", "三。夜风筝")
    watch(session, ("firm", "夜风筝"))
    with transaction() as other:
        assert past.look_back(other) == 0
    caught_up()
    assert len(standing(session, "夜风筝")) == 3
    assert session.scalar(select(func.count()).where(ArticleIndex.grams.is_(None))) == 0

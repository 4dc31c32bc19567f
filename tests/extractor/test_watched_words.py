"""Watched words are found with the names, stored where they stand, and change nothing that is extracted."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import Evidence, LexiconChange, Mention, WatchItem, Watchlist
from core.names import fold
from core.register import BankEntry
from extractor import Lexicon, lexicon_live
from extractor.watched_words import WatchedWords
from seeds.load import load
from tests.extractor.readers import BANKS, FIRMS, LEXICON, told
from tests.extractor.telling import tell, watch

TITLE = "科创贷来了"
TEXT = "本报讯 科创贷是新产品。\n杭州银行向澄湖量子科技有限公司发放科创贷800万元，用于采购设备。\n科創貸也是。"


def words(*given: str) -> WatchedWords:
    return WatchedWords((fold(word), word) for word in given)


def test_words_are_found_however_they_overlap_and_are_set() -> None:
    found = words("科创", "科创贷", "贷来", "AI模型").find("科創貸来了，ＡＩ 模\n型")
    assert sorted(found) == [(0, 2, "科创"), (0, 3, "科创贷"), (2, 4, "贷来"), (6, 12, "ai模型")]


def test_two_forms_of_one_word_are_told_under_both_keys() -> None:
    assert sorted(key for _, _, key in words("科創貸", "科创贷").find("科创贷")) == ["科创贷", "科創貸"]


@pytest.mark.parametrize("watched", ["杭州银行", "澄湖量子", "科技有限公司发放科创贷800万元", "发放"])
def test_a_watched_word_changes_no_event_and_no_other_mention(watched: str) -> None:
    lexicon = Lexicon.build(BANKS, FIRMS, (), words(watched))
    plain, watching = told(TEXT, title=TITLE), told(TEXT, title=TITLE, lexicon=lexicon)
    assert watching.events == plain.events != ()
    assert tuple(one for one in watching.mentions if one.kind != "word") == plain.mentions
    [found, *_] = [one for one in watching.mentions if one.kind == "word"]
    assert found.text == TEXT[found.start : found.end] == watched and lexicon.version == LEXICON.version


def test_words_are_found_in_articles_that_tell_nothing_and_in_very_long_ones() -> None:
    lexicon = Lexicon.build(BANKS, FIRMS, (), words("风筝节"))
    long = "今天天气晴。\n" * 20_000 + "风筝节开幕。"
    [found] = told(long, lexicon=lexicon).mentions
    assert long[found.start : found.end] == "风筝节"


@pytest.fixture
def watched(session: Session) -> Watchlist:
    lexicon_live.forget()
    load(session, banks=(BankEntry(name="杭州银行", kind="city"),), firms=(), sources=())
    in_texts = [("word", "科创贷"), ("word", "采购设备"), ("word", "无")]
    listed = watch(session, *in_texts, ("sector", "采购"), ("region", "杭州"), name="list", triggers=["mention"])
    listed.items.append(WatchItem(kind="firm", name="cheng", key="澄湖量子", resolved="澄湖量子"))
    session.add(LexiconChange(what="watchlist"))
    session.commit()
    return listed


def test_a_word_has_its_places_in_title_text_and_evidence(session: Session, watched: Watchlist) -> None:
    tell(session, TEXT, title=TITLE, day=None)
    evidence = session.scalars(select(Evidence)).one()
    rows = session.scalars(select(Mention).where(Mention.kind == "word").order_by(Mention.where, Mention.start)).all()
    places = [(row.name, row.where, row.start) for row in rows]
    in_text = [TEXT.index("科创贷"), TEXT.index("科创贷", evidence.start), TEXT.index("采购设备")]
    assert places == [
        ("科创贷", "text", in_text[0]),
        ("科创贷", "text", in_text[1]),
        ("采购设备", "text", in_text[2]),
        ("科创贷", "title", 0),
    ]
    assert all(row.bank_id is None and row.firm_id is None for row in rows)
    names = {row.name for row in session.scalars(select(Mention).where(Mention.kind != "word"))}
    assert "杭州银行" in names and not names & {"采购", "杭州", "科创贷", "采购设备"}


def test_what_a_typed_name_was_found_to_mean_is_what_is_recognised(session: Session, watched: Watchlist) -> None:
    lexicon = lexicon_live.current(session)
    assert lexicon.is_watched("澄湖量子") and not lexicon.is_watched("cheng") and not lexicon.is_watched("采购")
    watched.enabled = False
    session.add(LexiconChange(what="watchlist"))
    session.commit()
    lexicon_live.forget()
    assert lexicon_live.current(session).words is None

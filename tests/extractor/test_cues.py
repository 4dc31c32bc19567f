"""The first look: what is put aside holds no financing word near a bank's, in any script and width."""

from __future__ import annotations

import pytest

from extractor import Lexicon
from extractor.cues import worth_reading
from extractor.fold import fold
from tests.extractor.readers import BANKS, FIRMS, told

BANK_WORDS = (
    *(
        "商业银行",
        "市分行",
        "支行",
        "工行",
        "农行",
        "中行",
        "建行",
        "交行",
        "招行",
        "国开行",
        "进出口行",
        "该行",
        "邮储",
    ),
    *("农商", "农信", "工银投资", "建信投资", "兴银金投", "招银金投", "浦银金租", "信银金投", "农银资产", "中银金资"),
    *("华夏金租", "金融租赁", "投资有限公司", "AIC"),
)


@pytest.mark.parametrize("bank", BANK_WORDS)
def test_every_word_for_a_bank_near_a_financing_word_is_worth_reading(bank: str) -> None:
    assert worth_reading(f"上月，{bank}为这家工厂批了一笔授信。")
    assert worth_reading(f"上月，{bank}的楼里来了一群学生参观。") == ("租赁" in bank)


@pytest.mark.parametrize("text", ["这笔贷款下个月到期。", "他举行了婚礼，银色的车队进行了三小时。", "", "9" * 1000])
def test_without_a_bank_there_is_nothing_to_read(text: str) -> None:
    assert not worth_reading(text)


def test_a_bank_and_a_financing_word_far_apart_are_not_worth_reading() -> None:
    assert not worth_reading("银行门口。" + "天气晴朗。" * 200 + "贷款到期。")


@pytest.mark.parametrize(
    "text", ["中國銀行向澄石半導體發放貸款，業務開展順利。", "招商銀行為澄石電子辦理融資，額度１億元。"]
)
def test_the_first_look_reads_the_traditional_script_too(text: str) -> None:
    assert worth_reading(fold(text))
    assert told(text).events


def test_an_article_put_aside_still_tells_its_banks_firms_and_watched_names() -> None:
    lexicon = Lexicon.build(BANKS, FIRMS, ["穹天"])
    found = told("鹤鸣股份与穹天昨日在招商銀行大堂為孩子們辦了畫展，業餘畫家也來了。", lexicon=lexicon).mentions
    assert [(m.kind, m.name, m.watched) for m in found] == [
        ("firm", "鹤鸣股份", False),
        ("firm", "穹天", True),
        ("bank", "招商银行", False),
    ]


def test_folding_keeps_every_character_in_its_place() -> None:
    many = "".join(chr(code) for code in range(0x20000))
    for traditional in (False, True):
        whole = fold(many, traditional=traditional)
        assert len(whole) == len(many)
        assert fold(whole, traditional=traditional) == whole
        assert all(fold(many[i], traditional=traditional) == whole[i] for i in range(len(many)))
    assert fold("（１２３）ＡＢ億", traditional=False) == "(123)AB億"
    assert fold("（１２３）ＡＢ億") == "(123)AB亿"

"""Whatever comes in, an answer comes out."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.model import Extraction
from extractor.normalise import normalise
from tests.extractor.readers import told

PIECES = st.sampled_from(
    [
        *(
            "工商银行",
            "该行",
            "上海星禾智能科技有限公司",
            "某科技公司",
            "公司",
            "向",
            "发放",
            "500万元",
            "1亿元至2亿元",
        ),
        *("1亿元至2亿元", "贷款", "授信", "（以下简称“星禾”）", "、", "，", "。", "\n", "：", "(", ")", "“", "”"),
        *(
            "2024年",
            "分别",
            "银团",
            "￥",
            "\ud800",
            "\x00",
            "\u3000",
            "9",
            "９",
            "億",
            "銀",
            "有限公司",
            "贷",
            "|",
            "# ",
        ),
        *("# ", "- ", "\t", "𠮷", "é"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_order_of_telling_pieces_is_answered_and_every_span_is_true(text: str) -> None:
    found = told(text)
    assert all(text[event.start : event.end] == event.evidence for event in found.events)
    assert all(0 <= mention.start < mention.end <= len(text) for mention in found.mentions)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_every_character_of_the_plain_text_leads_back_into_the_original(text: str) -> None:
    folded = normalise(text)
    spans = [folded.origin(i, i + 1) for i in range(len(folded.text))]
    assert all(end == start + 1 <= len(text) for start, end in spans)
    assert len(set(spans)) == len(spans)


@pytest.mark.parametrize(
    "text",
    [
        "工商银行贷款" + "给企业" * 33_000,
        "工商银行贷款" + "（" * 50_000,
        "工商银行贷款" + "1" * 100_000,
        "工商银行贷款" + "有限公司" * 20_000,
        "工商银行贷款" + "1亿元，" * 20_000,
        "某" * 50_000 + "银行贷款",
        "工商银行、" * 20_000 + "贷款",
        "工行\n" * 30_000 + "贷款",
        "\ud800\x00\x07" * 10_000 + "工商银行贷款",
        "一" * 100_000 + "银行贷款万元",
        "银行贷款" + "2024年" * 20_000,
    ],
    ids=lambda text: f"{text[:8]!a}",
)
@pytest.mark.timeout(120)
def test_hundred_thousand_characters_of_anything_are_answered(text: str) -> None:
    told(text)


NOTHING: dict[str, Callable[[int], str]] = {
    "digits": lambda size: "工商银行贷款" + "1234567890" * (size // 10),
    "digits apart": lambda size: "工商银行贷款" + "1 " * (size // 2),
    "one sentence": lambda size: "工商银行向某公司放款，" + "这家企业的产品销往各地" * (size // 11),
    "banks": lambda size: "、".join(f"澄{chr(0x4E00 + i)}银行" for i in range(size // 5)) + "发放贷款",
    "stops": lambda size: "工商银行贷款" + "。" * size,
    "brackets": lambda size: "工商银行贷款" + "（" * (size // 2) + "）" * (size // 2),
    "quotations": lambda size: "工商银行贷款" + "“" * (size // 2) + "”" * (size // 2),
    "bars": lambda size: "工商银行贷款" + "|" * size,
    "blanks": lambda size: "工商银行贷款" + " \u3000" * (size // 2),
    "short lines": lambda size: "工商银行向上海澄砺\n科技放款，用来买设\n备，剩下的还货款。\n" * (size // 30),
    "halves": lambda size: "工商银行向上海澄砺科技，\n放款一百万元，用于购买\n\n" * (size // 26),
    "labels": lambda size: "银行\n企业\n金额\n" * (size // 9),
    "form": lambda size: "银行：甲\n企业：乙\n金额：丙\n" * (size // 15),
    "cells": lambda size: "工商银行\t贷款\t" * (size // 8),
    "path": lambda size: "首页 > " * (size // 5) + "工商银行贷款",
    "controls": lambda size: "\x00\x07\ud800工商银行贷款" * (size // 9),
    "another plane": lambda size: "工商银行贷款" + "𠮷😀" * (size // 2),
    "grants": lambda size: "近日，工商银行武汉分行向上海澄砺科技有限公司放款500万元。\n" * (size // 31),
}


def work(text: str) -> int:
    """Calls of Python functions, built-in ones included, that reading a text takes."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        told(text)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("kind", NOTHING)
def test_four_times_the_text_takes_four_times_the_work(kind: str) -> None:
    told(NOTHING[kind](100))  # word lists are read at the first article
    short, long = work(NOTHING[kind](5_000)), work(NOTHING[kind](20_000))
    assert long < 5 * short + 2_000


@pytest.mark.parametrize("kind", NOTHING)
@pytest.mark.timeout(120)
def test_very_long_texts_of_nothing_are_answered(kind: str) -> None:
    text = NOTHING[kind](1_000_000 if kind in QUICK else 80_000)
    found = told(text)
    assert all(text[event.start : event.end] == event.evidence for event in found.events)


QUICK = frozenset(
    {"digits", "digits apart", "stops", "brackets", "quotations", "bars", "blanks", "path", "another plane"}
)


def test_five_million_characters_are_read_in_little_memory() -> None:
    """Beyond the text and what is found in it: the parts are read one after another."""
    text = "今天的车间里很热闹，工人们忙着赶制发往各地的设备。" * 200_000
    tracemalloc.start()
    try:
        found = told(text)
        highest = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found == Extraction((), ())
    assert highest < 20_000_000


_TOO_MUCH = ("900000000000亿元", f"{'9' * 20}亿元", f"{'9' * 40}万元", "1000万亿元", f"{'8' * 13}元")


@pytest.mark.parametrize("number", _TOO_MUCH)
def test_a_number_that_no_sum_reaches_is_no_amount_and_no_end_of_it_is_one(number: str) -> None:
    grant = "工商银行上海分行近日向上海星禾智能科技有限公司发放科技贷款{}。"
    [usual], [absurd] = (told(grant.format(one)).events for one in ("3000万元", number))
    assert usual.amount is not None
    assert (absurd.firm, absurd.instrument, absurd.amount) == (usual.firm, usual.instrument, None)

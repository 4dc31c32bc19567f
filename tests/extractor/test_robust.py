"""Whatever comes in, an answer comes out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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

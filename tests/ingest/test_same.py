"""Reprints are known, and what differs in anything stays an article of its own: the pure parts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.same.fold import fold
from ingest.same.furniture import body
from ingest.same.judge import Text, is_reprint, sure_numbers
from ingest.same.sketch import SHINGLES, likeness, sketch
from tests.ingest.reprints import reprints
from tests.ingest.templates import TEMPLATES, Template, pairs

PAIRS = list(pairs())
REPRINTS = list(reprints())
BYLINE = "本报讯（记者 林夏）"
OTHERS = {
    "firm": ("澄湖量子技术有限公司", "青禾智造科技（云州）有限公司", "青禾智造集团有限公司"),
    "bank": ("海曲银行", "样例农商银行", "新样例银行"),
    "branch": ("云东分行", "云州科技支行", "云州分行营业部"),
    "amount": ("8亿元", "800万元", "8000万美元", "人民币8000万元", "0.8亿元", "8000余万元", "1.8000万元"),
    "day": ("2026年3月21日", "2025年3月12日", "2026年12月12日", "3月12日"),
    "rate": ("3.54%", "3.45‰", "345%", "-3.45%", "13.45%"),
    "term": ("24个月", "1年", "120个月"),
}


def test_articles_of_one_template_that_differ_in_one_sign_are_all_kept_apart() -> None:
    assert len(PAIRS) > 1_000
    taken = [
        what
        for what, template, other in PAIRS
        if is_reprint(Text(*template.filled(**other)), Text(*template.filled()))
        or is_reprint(Text(*template.filled()), Text(*template.filled(**other)))
    ]
    assert taken == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.title)
def test_articles_of_one_template_that_differ_in_one_fact_are_kept_apart(template: Template) -> None:
    first = Text(*template.filled())
    assert is_reprint(Text(*template.filled()), first)
    for gap in template.gaps.keys() & OTHERS.keys():
        for other in OTHERS[gap]:
            if template.filled(**{gap: other}) != template.filled():
                assert not is_reprint(Text(*template.filled(**{gap: other})), first), (gap, other)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.title)
def test_another_sign_anywhere_in_a_text_makes_an_article_of_its_own(template: Template) -> None:
    """Made another, doubled or left out; only a byline may differ."""
    title, text = template.filled()
    first = Text(title, text)
    for place, sign in enumerate(text):
        if sign.isalnum() and place >= len(BYLINE) * text.startswith(BYLINE):
            other = str((int(sign) + 3) % 10) if sign.isdigit() else "禾" if sign != "禾" else "木"
            for changed in (other, 2 * sign, ""):
                assert not is_reprint(Text(title, text[:place] + changed + text[place + 1 :]), first), (place, changed)


def test_a_sentence_more_makes_an_article_of_its_own() -> None:
    for template in TEMPLATES:
        title, text = template.filled()
        for longer in (
            f"{text}\n另获海曲银行贷款200万元。",
            f"另获贷款。{text}",
            text.replace("。", "。此事已公告。", 1),
        ):
            assert not is_reprint(Text(title, longer), Text(title, text)), longer
            assert is_reprint(Text(title, text), Text(title, longer))


def test_nearly_all_reprints_are_known() -> None:
    """Each is found by its sketch and known by the judge; what is not becomes an article, and costs a reading."""
    assert len(REPRINTS) > 500
    known = [is_reprint(Text(*again), Text(*first)) for _, first, again in REPRINTS]
    found = [bool(set(sketch(again[1])) & set(sketch(first[1]))) for _, first, again in REPRINTS]
    both = sum(map(all, zip(known, found, strict=True)))
    assert both / len(REPRINTS) >= 0.99, f"{both} of {len(REPRINTS)}"


@pytest.mark.parametrize(
    ("headline", "own"),
    [
        ("银企携手谱新篇", False),
        ("企业获得8000万元贷款", False),
        ("样例银行云州分行放款", False),
        ("企业获得8001万元贷款", True),
        ("企业获得800万元贷款", True),
        ("海曲银行放款", True),
        ("澄湖科技获贷款", True),
        ("首笔三年期贷款落地", True),
        ("AI企业获得贷款", True),
        ("样例银行云州分行为科技企业送去及时雪", True),
    ],
)
def test_a_headline_that_brings_a_number_or_a_name_makes_an_article_of_its_own(headline: str, own: bool) -> None:
    title, text = TEMPLATES[1].filled()
    assert is_reprint(Text(headline, text), Text(title, text)) is not own


def test_a_text_whose_headline_alone_says_whom_it_is_about_is_no_reprint_under_another() -> None:
    text = "公司于近日收到通知，子公司取得银行贷款3200万元，资金已经到账，将用于研发中心建设，此次贷款不构成关联交易。"
    assert not is_reprint(Text("澄湖量子披露一则公告", text), Text("青禾智造：子公司取得贷款", text))
    assert is_reprint(
        Text("青禾智造：子公司取得贷款", f"{text}\n（责任编辑：张三）"), Text("青禾智造：子公司取得贷款", text)
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("利率1.5%。", "利率15%。"),
        ("第3、5条。", "第35条。"),
        ("共12 345户。", "共1 2345户。"),
        ("同比-5%。", "同比5%。"),
        ("向青禾、智造公司。", "向青禾智造公司。"),
        ("√适用 □不适用", "□适用 √不适用"),
        ("十、二期。", "十二期。"),
        ("10:30开会。", "1030开会。"),
    ],
)
def test_folding_never_makes_two_numbers_or_names_one(one: str, other: str) -> None:
    assert fold(one).strict != fold(other).strict


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("「贷款」１，０００万元", "“贷款”1，000万元"),
        ("銀行貸款8,000万元。", "银行贷款8000万元"),
        ("银行\n贷 款", "银行贷款"),
        ("ＡＩ企业", "ai企业"),
    ],
)
def test_folding_undoes_layout(one: str, other: str) -> None:
    assert fold(one).strict == fold(other).strict


@pytest.mark.parametrize(
    "line",
    [
        "来源：样例日报", "责任编辑：张三", "2026-03-01 09:30 来源：样例网", "阅读量：1024", "【字体：大 中 小】",
        "记者 李四 通讯员 王五", "分享到：微信 微博", "（完）", "扫一扫，关注我们", "作者：周远",
    ],
)  # fmt: skip
def test_furniture_is_taken_away(line: str) -> None:
    assert body(f"{line}\n正文。\n{line}").text == "正文。"


@pytest.mark.parametrize(
    "line",
    [
        "资金来源：银行贷款8000万元", "来源：样例银行云州分行", "2026年3月12日", "阅读室可容纳300人", "图为企业车间。",
        "编辑部共有12人。", "记者了解到，贷款已到账。", "来源：自有资金1亿元",
    ],
)  # fmt: skip
def test_what_says_something_is_no_furniture(line: str) -> None:
    assert body(f"{line}\n正文。").text == f"{line}\n正文。"


def test_datelines_of_two_days_are_two_articles() -> None:
    title, text = TEMPLATES[4].filled()
    first = Text(title, f"样例社云州3月1日电 {text}")
    assert is_reprint(Text(title, text), first)
    assert is_reprint(Text(title, f"样例社云州3月1日电（记者 周远）{text}"), first)
    assert not is_reprint(Text(title, f"样例社云州3月2日电 {text}"), first)


CHINESE = st.text(st.sampled_from("银行贷款万元企业公司年月日一二三0123456789.,，。、 \n-%（）"), max_size=120)


@given(CHINESE)
@settings(max_examples=300, deadline=None)
def test_every_text_is_within_itself_and_its_folds_fit_together(text: str) -> None:
    folded = fold(text)
    assert "".join(folded.sentences) == folded.signs
    assert len(folded.seams) == len(folded.signs) + 1
    if folded.signs:
        assert folded.find(folded.strict) == (0, len(folded.signs))
    if len(folded.signs) >= 20:
        assert is_reprint(Text("题", text), Text("题", text))


@given(st.lists(CHINESE, max_size=7).map("\n".join), CHINESE)
@settings(max_examples=300, deadline=None)
def test_numbers_that_are_told_without_folding_are_those_of_the_folded_text(text: str, title: str) -> None:
    for headline in (title, text[:40], "题"):
        assert set(sure_numbers(headline, text)) <= Text(headline, text).numbers


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.title)
def test_of_any_template_some_numbers_are_told_without_folding(template: Template) -> None:
    title, text = template.filled()
    sure, all_of_them = sure_numbers(title, text), Text(title, text).numbers
    assert bool(sure) == bool(all_of_them)
    assert set(sure) <= all_of_them


@given(CHINESE, st.integers(0, 200), st.sampled_from("0123456789"))
@settings(max_examples=300, deadline=None)
def test_another_digit_anywhere_keeps_two_texts_apart(text: str, place: int, digit: str) -> None:
    whole = f"{text}样例银行云州分行向企业发放贷款8000万元，期限12个月，年利率3.45%，用于采购设备。"
    at = [number for number, sign in enumerate(whole) if sign.isdigit()]
    changed = at[place % len(at)]
    other = whole[:changed] + digit + whole[changed + 1 :]
    if other != whole:
        assert not is_reprint(Text("题", other), Text("题", whole))


@given(st.text(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_text_has_a_sketch(text: str) -> None:
    bands = sketch(text)
    assert len(bands) == len(set(bands)) <= SHINGLES + 1
    assert all(-(2**63) <= band < 2**63 for band in bands)
    assert bands == sketch(f" {text}\n")
    assert 0 <= likeness(text, text[::-1]) <= 1


@pytest.mark.parametrize("piece", ["银", "1", ",", "1,", "\n", "、", "1\n", "。", "（", "来源：", "𠮷"])
def test_hostile_texts_take_no_more_time_than_others(piece: str) -> None:
    text = piece * (190_000 // len(piece))  # quadratic time would meet the test's own time-out
    sketch(text)
    is_reprint(Text("题", text), Text("目", text + "。"))

"""Hard wraps and columns: sentences come out whole, and every character leads back to where it stood."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.normalise import Folded, normalise
from tests.extractor.readers import page, told

FIRST = (
    "澄砺航芯的车间搬到新厂房以后，添置设备的钱一直没有着落，财务负责人跑了几家机构都没有谈成。"
    "转机出在上个月的一次走访，兴业银行苏州分行的客户经理看过订单和专利，当场答应回去想办法。"
    "半个月以后，这家分行放出800万元的信用贷款，设备款终于付清，第一批样件已经送到客户手里。"
)
SECOND = (
    "东街的老戏台修好以后第一次开锣，台下坐满了从四里八乡赶来的老人，孩子们骑在大人的肩膀上看热闹。"
    "戏班的班主说，往后每个月逢五逢十都有戏，票价还是二十年前的老价钱，谁来都欢迎。"
    "管委会打算把后院也腾出来，添几排长凳，再请裁缝把褪了色的戏服重新缝补一遍。"
)


def wrapped(text: str, width: int) -> list[str]:
    """Lines of `width` characters; one that would begin with a stop takes it in, as a newspaper's do."""
    lines, at = [], 0
    while at < len(text):
        end = at + width
        while end < len(text) and text[end] in "，。；：、”":
            end += 1
        lines.append(text[at:end])
        at = end
    return lines


def whole(text: str) -> list[str]:
    """The sentences as they are read."""
    read = page(text)
    return [read.text[sentence.start : sentence.end] for sentence in read.sentences]


def said(text: str) -> list[str]:
    return [f"{sentence}。" for sentence in text.split("。") if sentence]


@pytest.mark.parametrize("width", range(10, 26))
def test_a_wrapped_story_is_read_as_if_it_were_not(width: int) -> None:
    assert whole("\n".join(wrapped(FIRST, width))) == said(FIRST)


@pytest.mark.parametrize("width", [12, 14, 15, 17])
def test_a_paragraph_goes_on_in_the_next_column_beyond_another_story(width: int) -> None:
    one, other = wrapped(FIRST, width), wrapped(SECOND, width + 2)
    half = len(one) // 2
    text = "\n".join([*one[:half], "", *other, "", *one[half:]])
    assert sorted(whole(text)) == sorted(said(FIRST) + said(SECOND))


def test_headlines_in_the_columns_stay_apart() -> None:
    one = wrapped(FIRST, 14)
    text = "\n".join(["添设备的钱从哪里来", "一次走访之后", "", *one[:4], "", "东街唱大戏", "", *one[4:]])
    assert whole(text) == ["添设备的钱从哪里来", "一次走访之后", *said(FIRST), "东街唱大戏"]


def test_a_sum_cut_by_the_page_is_one_sum() -> None:
    text = FIRST.replace("澄砺航芯", "澄砺航芯科技有限公司").replace("800万元", "20.84亿元")
    for width in range(10, 26):
        (amount,) = {event.amount.max for event in told("\n".join(wrapped(text, width))).events if event.amount}
        assert amount == 2_084_000_000


def test_a_line_that_ends_with_a_quoted_word_goes_on() -> None:
    lines = wrapped(FIRST, 14)
    told = ["这类产品的名字叫作“澄砺快贷”", "的有三种，叫作“设备易贷”的也", "有两种，后者更受欢迎。"]
    assert "".join(told) in "".join(whole("\n".join([*told, *lines])))


def test_a_paragraph_of_a_flat_page_goes_on_across_a_blank_line_where_a_word_is_cut() -> None:
    first = "去年夏天，这家公司已经同三家机构谈过，都说要等下一年的预算，直到工商银行上门提供了算力"
    assert whole(f"{first}\n\n支撑项目的信贷方案。") == [f"{first}支撑项目的信贷方案。"]
    apart = "去年夏天，杭州的这家公司已经同三家机构谈过，都说要等下一年的预算\n\n然而，工商银行上门了。"
    assert len(whole(apart)) == 2


def test_times_and_dates_keep_their_blank_and_numbers_lose_theirs() -> None:
    assert normalise("2026-02-13 08:12　1 200 万元，6 5 0 万元").text == "2026-02-13 08:12　1200万元，650万元"


LINES = st.lists(
    st.one_of(
        st.integers(8, 24).flatmap(lambda n: st.integers(0, 60).map(lambda at: (FIRST + SECOND)[at : at + n])),
        st.sampled_from(["", "　　", "一、", "1. 首批", "#", "“", "图①：车间。", "20.", "84%，", "贷款"]),
        st.text(alphabet="銀行贷款０１２ 　,，。”“\u2028\r\x0b𠮷", max_size=20),
    ),
    max_size=60,
).map("\n".join)


@settings(max_examples=200, deadline=None)
@given(LINES)
def test_no_character_is_told_twice_and_each_leads_back_to_its_own(text: str) -> None:
    folded = normalise(text)
    origins = [folded.origin(i, i + 1) for i in range(len(folded.text))]
    assert all(end == start + 1 <= len(text) for start, end in origins)
    assert len(set(origins)) == len(origins)
    lost = set(range(len(text))) - {start for start, _ in origins}
    assert all(normalise(text[at]).text.isspace() for at in lost)


@settings(max_examples=200, deadline=None)
@given(LINES, st.data())
def test_a_span_leads_back_to_a_stretch_of_the_original_that_holds_its_characters(
    text: str, data: st.DataObject
) -> None:
    folded = normalise(text)
    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))
    first, last = folded.origin(start, end)
    assert 0 <= first <= last <= len(text)
    inside = {folded.origin(i, i + 1)[0] for i in range(start, end)}
    assert (start == end) == (first == last)
    assert set(range(first, last)) & inside or start == end
    assert folded.surface(start, end) == "".join("".join(text[at] for at in sorted_of(folded, start, end)).split())


def sorted_of(folded: Folded, start: int, end: int) -> list[int]:
    """Where each character of a span stands in the original, in the span's order."""
    return [folded.origin(i, i + 1)[0] for i in range(start, end)]


SEEDS = sorted(Path("/work/shared/seeds").glob("*.txt"))


@pytest.mark.skipif(not SEEDS, reason="the shared seeds lie on the build machine only")
@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_the_seeds_come_out_in_whole_sentences(path: Path) -> None:
    read = page(path.read_text())
    prose = [s for s in read.sentences if s.block.kind == "text" and s.end - s.start > 30]
    broken = [s for s in prose if read.text[s.end - 1] not in "。！？；”’;)：:"]
    assert len(prose) > 50
    assert len(broken) <= 2, [read.text[s.start : s.end] for s in broken]

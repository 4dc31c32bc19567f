"""The two newspaper pages in ../shared/seeds: each story whole, none mixed with its neighbour. Their texts stay there;
what is asked here is counted, or asked of the annotation in ../shared/gold."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from extractor.stories import Block
from tests.extractor.readers import page

SHARED = Path(__file__).parents[3] / "shared"
CITY, WEEKLY = "000_6bda53ce5445de50.txt", "001_598e8578edda4a52.txt"

pytestmark = pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="the seeds lie in ../shared, which is not here")


def read(name: str) -> tuple[str, tuple[Block, ...]]:
    found = page((SHARED / "seeds" / name).read_text(encoding="utf-8"))
    return found.text, found.blocks


def told(name: str) -> dict[int, str]:
    """Each story's text, its blocks in reading order, a line each."""
    text, blocks = read(name)
    stories: dict[int, list[str]] = {}
    for block in blocks:
        stories.setdefault(block.story, []).append(text[block.start : block.end])
    return {number: "\n".join(lines) for number, lines in stories.items()}


def flat(text: str) -> str:
    return re.sub(r"\s+", "", text)


def evidence(name: str) -> list[str]:
    lines = (SHARED / "gold" / "seeds.jsonl").read_text(encoding="utf-8").splitlines()
    (gold,) = [one for one in map(json.loads, lines) if one["file"] == name]
    return [event["evidence"] for event in gold["events"]]


@pytest.mark.parametrize(("name", "count"), [(CITY, 3), (WEEKLY, 2)])
def test_a_page_holds_as_many_stories_as_its_reader_counts(name: str, count: int) -> None:
    assert len(told(name)) == count


def test_a_lead_that_the_pdf_told_last_belongs_to_the_story_that_it_leads() -> None:
    _, blocks = read(CITY)
    assert [number for number, _ in Counter(block.story for block in blocks).items()] == [0, 1, 2]
    assert blocks[-1].story == 0
    prose = Counter(block.story for block in blocks if block.kind == "text" and block.end - block.start > 40)
    assert prose == {0: 17, 1: 3, 2: 4}


@pytest.mark.parametrize("name", [CITY, WEEKLY])
def test_each_annotated_event_lies_whole_in_one_paragraph_of_one_story(name: str) -> None:
    text, blocks = read(name)
    for quote in evidence(name):
        wanted = flat(page(quote).text)
        holding = [block for block in blocks if wanted in flat(text[block.start : block.end])]
        assert len({block.story for block in holding}) == 1, len(quote)


@pytest.mark.parametrize(
    ("name", "words", "where"),
    [
        (CITY, ("中信银行", "天数智芯", "清宝引擎", "秉匠", "快车道", "申城"), 0),
        (CITY, ("新华社", "曾刚"), 1),
        (CITY, ("泰隆银行", "滑稽戏"), 2),
        (WEEKLY, ("王柯瑾", "宇树科技", "强脑科技", "萨摩耶", "王鹏"), 1),
        (WEEKLY, ("杨井鑫", "长江计算", "兆易创新", "宁夏银行", "石家庄"), 2),
    ],
)
def test_what_one_story_tells_of_stands_in_no_other(name: str, words: tuple[str, ...], where: int) -> None:
    stories = told(name)
    for word in words:
        assert {number for number, text in stories.items() if word in text} == {where}, word


@pytest.mark.parametrize(("name", "most"), [(CITY, 0), (WEEKLY, 1)])
def test_paragraphs_are_whole_but_one_whose_end_the_page_does_not_hold(name: str, most: int) -> None:
    text, blocks = read(name)
    long = [text[block.start : block.end] for block in blocks if block.kind == "text" and block.end - block.start > 40]
    assert sum(one[-1] not in "。！？”" for one in long) <= most

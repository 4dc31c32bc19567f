"""Newspaper pages and reports come back as the stories that were set: each whole, none mixed with its neighbour."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdfium2 import PdfDocument

from core.errors import RejectedInput
from ingest import formats
from ingest.errors import BadArticle, NothingFound, Unreadable
from ingest.formats import Body, Parsed
from ingest.pdf.glyphs import plain
from tests.ingest.press.by_hand import SONG, blank_pages, locked, paper, printed, unknown_glyphs
from tests.ingest.press.layouts import random_page
from tests.ingest.press.pages import PAGES, SAMPLES
from tests.ingest.press.sheet import Frame, Sheet, Type
from tests.ingest.press.stories import Story, read_stories

URL = "https://paper.example.cn/2026/0315/A01.pdf"
STORIES = read_stories()
FURNITURE = (
    *("责任编辑", "责编", "星期日", "样例日报", "公司专项报告", "— 2 —", "版）"),
    *("客服热线", "新闻热线", "看不见的文字", "本版制图"),
)


def read(content: bytes, **more: Any) -> Parsed:
    return formats.read(Body(content, url=URL, content_type="application/pdf", **more))


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.pdf").read_bytes()


def told(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return found


def page(story: Story, kind: Type | None = None, *, width: float = 595, height: float = 842) -> bytes:
    """A story in two columns."""
    canvas, out = paper(width, height)
    sheet = Sheet(canvas, width, height)
    sheet.line(60, 60, story.headline[0], SONG, 24)
    kind = kind or Type(SONG, 11, 16)
    frames = [Frame(60, 100, 225, 700), Frame(310, 100, 225, 700)]
    lines = 1 + sum(len(one) for one in story.paragraphs) // 20 // 2 + len(story.paragraphs)
    frames = [Frame(one.left, one.top, one.width, one.top + lines * kind.leading) for one in frames]
    assert not sheet.flow(story.paragraphs, frames, kind)
    return printed(canvas, out)


@pytest.mark.parametrize("name", PAGES)
def test_each_story_of_a_page_is_whole_and_the_order_is_the_pages(name: str) -> None:
    items = read(sample(name)).items
    assert [item.title for item in items] == [one["title"] for one in told(name)]
    for item, one in zip(items, told(name), strict=True):
        assert item.text.split("\n\n") == one["paragraphs"]
        assert (item.author or "") == one["author"]


@pytest.mark.parametrize("name", PAGES)
def test_what_belongs_to_the_paper_stands_in_no_text(name: str) -> None:
    text = "\n".join(f"{item.title}\n{item.text}" for item in read(sample(name)).items)
    for words in FURNITURE:
        assert words not in text
    for story in STORIES.values():
        assert not story.caption or story.caption not in text


@pytest.mark.parametrize("name", [name for name in PAGES if name != "report"])
def test_a_page_appeared_on_the_date_of_its_masthead_in_the_zone_of_the_source(name: str) -> None:
    assert {item.published for item in read(sample(name)).items} == {datetime(2026, 3, 14, 16, tzinfo=UTC)}
    berlin = read(sample(name), zone="Europe/Berlin").items[0]
    assert berlin.published == datetime(2026, 3, 14, 23, tzinfo=UTC)


def test_what_tells_no_date_appeared_when_it_was_made() -> None:
    assert read(sample("report")).items[0].published == datetime(2000, 1, 1, tzinfo=UTC)


def test_all_stories_have_the_address_of_the_pdf_and_a_place_in_it() -> None:
    items = read(sample("banner")).items
    assert {item.url for item in items} == {URL}
    assert [item.position for item in items] == list(range(1, len(items) + 1))


def test_a_story_whose_other_page_is_missing_is_told() -> None:
    document, out = PdfDocument(sample("jump")), io.BytesIO()
    del document[1]
    document.save(out)
    parsed = read(out.getvalue())
    (error,) = parsed.errors
    assert "A02" in error.reason and "not in this PDF" in error.reason
    assert "下转" not in parsed.items[0].text


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_is_set_sideways_is_read_upright(turn: int) -> None:
    story = STORIES["chips"]
    upright = read(page(story)).items
    canvas, out = paper(842, 842)
    sheet = Sheet(canvas, 842, 842)
    canvas.translate(421, 421)
    canvas.rotate(turn)
    canvas.translate(-421, -421)
    sheet.line(60, 60, story.headline[0], SONG, 24)
    kind = Type(SONG, 11, 16)
    sheet.flow(story.paragraphs, [Frame(60, 100, 225, 500), Frame(310, 100, 225, 700)], kind)
    assert [item.text for item in read(printed(canvas, out)).items] == [item.text for item in upright]


def test_a_latin_word_or_number_that_a_line_breaks_is_put_together_again() -> None:
    text = [
        "示范银行采用CloudNativeDistributedTransactionProcessing系统，日处理交易12345678901234567890笔。",
        "另一套MultiDimensionalRiskAssessment系统也已上线，服务客户98765432109876543210户，运行平稳，没有发生差错。",
    ] * 2
    story = Story("latin", headline=["示范银行的新系统"], paragraphs=text)
    (item,) = read(page(story)).items
    assert item.text.split("\n\n") == text


def test_radicals_and_ligatures_are_the_characters_they_look_like() -> None:
    assert "".join(map(plain, (0x2F0A, 0x2F2F, 0xFB01))) == "入工fi"


@pytest.mark.parametrize(
    ("content", "error", "reason"),
    [
        (locked(), Unreadable, "encrypted"),
        (b"%PDF-1.7\nthis is no PDF", Unreadable, "broken"),
        (sample("banner")[:40_000], Unreadable, "broken"),
        (unknown_glyphs(), Unreadable, "unknown glyphs, no text"),
        (blank_pages(3), NothingFound, "pictures, no text"),
        (blank_pages(5001), BadArticle, "5,001 pages"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_reason(content: bytes, error: type[RejectedInput], reason: str) -> None:
    with pytest.raises(error, match=reason) as raised:
        read(content)
    assert URL in str(raised.value)


def test_of_a_long_document_the_first_pages_are_read_and_the_rest_is_told() -> None:
    parsed = read(blank_pages(203, "样例银行说这里是第"))
    assert any("203 pages; the first 200" in error.reason for error in parsed.errors)
    assert "199。" in parsed.items[0].text
    assert "200。" not in parsed.items[0].text


def test_samples_stay_small() -> None:
    assert all(one.stat().st_size < 300_000 for one in SAMPLES.iterdir())


@pytest.mark.parametrize("seed", range(30))
def test_pages_laid_out_by_chance_come_back_story_by_story(seed: int) -> None:
    page = random_page(seed)
    items = read(page.content).items
    found = {plain_text(item.title): item.text for item in items}
    assert set(found) == {plain_text(story.title) for story in page.stories}, page.notes
    assert len(items) == len(page.stories), page.notes
    for story in page.stories:
        text = found[plain_text(story.title)]
        assert plain_text(text) == plain_text("".join(story.told)), page.notes
        if page.indented:  # else nothing tells where a paragraph ends whose last line is full
            assert text.split("\n\n") == story.told, page.notes


def plain_text(text: str) -> str:
    return "".join(text.split())


def test_a_page_of_prices_without_a_story_is_named() -> None:
    canvas, out = paper(800, 1000)
    sheet = Sheet(canvas, 800, 1000)
    sheet.line(40, 40, "行情总览", SONG, 30)
    for row in range(100):
        for column in range(8):
            sheet.line(40 + 90 * column, 100 + 8 * row, f"60{row:02}{column} 样例银行 {row}.{column:02}", SONG, 6)
    with pytest.raises(NothingFound, match="no story, only headlines"):
        read(printed(canvas, out))

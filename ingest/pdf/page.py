"""A newspaper page into its stories."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.pdf.blocks import Block, body_size, read_blocks
from ingest.pdf.columns import Columns
from ingest.pdf.flow import Flow, Story
from ingest.pdf.heads import read_heads
from ingest.pdf.lines import Line
from ingest.pdf.marks import Rect, Sheet
from ingest.pdf.order import in_order
from ingest.pdf.paragraphs import Words, paragraphs
from ingest.pdf.roles import give_roles, pictures
from ingest.pdf.words import pattern

_NUMBER = r"(?:第\s*)?([A-Z]{0,2}\d{1,3}|[一二三四五六七八九十]+)\s*"
_TO = re.compile(rf"[\s（(【\[]*(?:下转|紧转|转)\s*{_NUMBER}版[^。]{{0,12}}[）)】\]]?\s*$")
_FROM = re.compile(rf"^[\s（(【\[▲△]*(?:上接|紧接|接)\s*{_NUMBER}版[^。，]{{0,16}}[）)】\]]\s*")
_LABEL = re.compile(rf"{_NUMBER}版?")
_INLINE = re.compile(r"^.{0,20}?[（(]((?:本报|本刊|见习|首席|特约)*记者[^）)]{2,40})[）)]")
_REGION = 0.8  # of the page: a larger box frames the page and no story
_LEAST = 10  # characters of a text
_FIGURES = 400  # texts of a page from which on short ones are taken for cells of a table of prices
_CELL = 12  # characters
_MOST_TEXTS = 1_500  # of a page; a broadsheet full of short news has some 300
_MOST_RULES = 300  # rules and boxes each that are looked at on a page


@dataclass(slots=True)
class Told:
    """A story as it stands on one page: where it goes on (`to`) and comes from (`source`) by the pages' labels."""

    title: str
    authors: list[str]
    paragraphs: list[str]
    page: int
    to: str = ""
    source: str = ""


@dataclass(slots=True)
class Page:
    """A page's stories in order, its label (A02) and the words of its masthead, in which its date may stand."""

    stories: list[Told] = field(default_factory=list)
    label: str = ""
    masthead: str = ""
    problem: str = ""


def read_page(sheet: Sheet, lines: Sequence[Line], number: int) -> Page:
    """The stories of a page; `number` counts pages from 1."""
    body = body_size(lines)
    if not body:
        return Page()
    walls = _longest([one for one in sheet.horizontal if one.width > 3 * body])
    boxes = _longest([one for one in sheet.boxes if _is_frame(one, sheet, body)])
    blocks = read_blocks(lines, walls)
    _regions(blocks, boxes)
    give_roles(blocks, sheet, body)
    heads = read_heads(blocks, walls, body)
    texts = _without_figures([one for one in blocks if one.role == "text" and not one.is_vertical])
    if len(texts) > _MOST_TEXTS:
        return Page(problem=f"page {number} holds {len(texts):,} pieces of text; {_MOST_TEXTS:,} are the most")
    bylines = [one for one in blocks if one.role == "byline" and not any(one in head.bylines for head in heads)]
    shown = [*pictures(sheet, blocks, body), *(one.rect for one in blocks if one.role in ("caption", "byline"))]
    flow = Flow(heads, texts, [*shown, *boxes], walls, _longest(sheet.vertical), body)
    stories = sorted(flow.stories(), key=lambda one: _place(one, body))
    _give_bylines(bylines, stories, body)
    words = Words(lines)
    told = [_told(one, words, number) for one in stories]
    furniture = [one for one in blocks if one.role == "furniture"]
    return Page(
        stories=[one for one in told if _tells(one)],
        label=next((m[1] for one in furniture if (m := _LABEL.fullmatch(one.text.strip()))), ""),
        masthead="\n".join(one.text for one in furniture),
    )


def _longest(rects: Sequence[Rect]) -> list[Rect]:
    """The longest rules, or largest boxes, of a page that has very many: those of tables are short and no bounds."""
    return sorted(rects, key=lambda one: -one.width - one.height)[:_MOST_RULES]


def _without_figures(texts: list[Block]) -> list[Block]:
    """The texts without the cells of a page full of prices or results."""
    if len(texts) <= _FIGURES:
        return texts
    return [one for one in texts if len(one.lines) > 1 or len(one.text) >= _CELL or "。" in one.text]


def _regions(blocks: Sequence[Block], boxes: Sequence[Rect]) -> None:
    """Tell each block in which frame or on which ground with a story of its own it stands; the smallest counts."""
    for at, box in sorted(enumerate(boxes), key=lambda one: one[1].width * one[1].height):
        inside = [one for one in blocks if box.holds((one.rect.x0 + one.rect.x1) / 2, (one.rect.y0 + one.rect.y1) / 2)]
        cut = any(one.rect.x0 < box.x0 - 4 or one.rect.x1 > box.x1 + 4 for one in inside)
        texts = [one for one in inside if len(one.lines) > 1]
        if texts and not cut:
            for one in inside:
                one.region = at if one.region < 0 else one.region


def _is_frame(box: Rect, sheet: Sheet, body: float) -> bool:
    """Whether a box may hold a story: it is no cell of a table, and not the page's own frame."""
    return (
        box.width * box.height < _REGION * sheet.width * sheet.height and box.width > 6 * body and box.height > 3 * body
    )


def _place(story: Story, body: float) -> tuple[float, float]:
    """Where a story begins: rows from the top, in a row from the left."""
    rects = [one.rect for one in story.blocks] + ([story.head.rect] if story.head else [])
    return min(one.y0 for one in rects) // (4 * body), min(one.x0 for one in rects)


def _give_bylines(bylines: Sequence[Block], stories: Sequence[Story], body: float) -> None:
    """A byline that stands by itself in a column belongs to the text right below it, or to that above."""
    for byline in bylines:
        near = [
            (
                abs(one.rect.y0 - byline.rect.y1)
                if one.rect.y0 > byline.rect.y0
                else abs(byline.rect.y0 - one.rect.y1),
                at,
            )
            for at, story in enumerate(stories)
            for one in story.blocks
            if one.region == byline.region and one.rect.overlap_x(byline.rect) > 0
        ]
        if near and min(near)[0] < 4 * body:
            stories[min(near)[1]].bylines.append(byline)


def _told(story: Story, words: Words, number: int) -> Told:
    columns = Columns(story.blocks, one_story=True)
    found = paragraphs(in_order(story.blocks, columns), columns, words)
    bylines = [*(story.head.bylines if story.head else []), *story.bylines]
    authors = [one.text.replace("\n", " ") for one in bylines]
    for at in (0, -1):
        if len(found) > 1 and pattern("byline").fullmatch(found[at]):
            authors.append(found.pop(at))
    if found and not authors and (inline := _INLINE.match(found[0])):
        authors.append(inline[1])
    told = Told(story.head.title if story.head else "", [_bare(one) for one in authors], found, number)
    return _jumps(told)


def _jumps(told: Told) -> Told:
    """Take the notes on where a story goes on or comes from out of its text."""
    if told.paragraphs and (found := _TO.search(told.paragraphs[-1])):
        told.to = found[1]
        told.paragraphs[-1] = told.paragraphs[-1][: found.start()].rstrip()
    if found := _FROM.match(told.title):
        told.source, told.title = found[1], told.title[found.end() :]
    if told.paragraphs and (found := _FROM.match(told.paragraphs[0])):
        told.source = found[1]
        told.paragraphs[0] = told.paragraphs[0][found.end() :]
    told.paragraphs = [one for one in told.paragraphs if one]
    return told


def _tells(told: Told) -> bool:
    """Whether there is a sentence; advertisements and boxes of figures have none."""
    text = "".join(told.paragraphs)
    return len(text) >= _LEAST and any(mark in text for mark in "。！？")


def _bare(byline: str) -> str:
    return byline.strip("□■◎●▲○◆◇★☆（）()【】 \u3000")

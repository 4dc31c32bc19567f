"""What on a page is no story's text: mastheads, folios, who made the page, captions; and what is a byline."""

import re
from collections.abc import Sequence

from ingest.pdf.blocks import HEADLINE, Block, is_prose
from ingest.pdf.dates import DATE
from ingest.pdf.marks import Rect, Sheet
from ingest.pdf.words import is_byline, pattern

_TOP, _BOTTOM = 0.15, 0.92  # of the page's height: above and below stand mastheads and folios
FOLIO = re.compile(
    r"[\s—–·|-]*(?:[A-Z]{0,2}\d{1,3}\s*版?|第\s*[\d一二三四五六七八九十]+\s*[版页](?:\s*[,，/共]*\s*共?\s*\d+\s*页)?"
    r"|\d{1,3}\s*/\s*\d{1,3}|Page\s*\d+(?:\s*of\s*\d+)?|[ivxIVX]{1,6})[\s—–·|-]*"
)
_NAME = 8  # characters of a newspaper's name with its section
_LONGEST = 60  # characters of a line of furniture
_PICTURE = 3.0  # times the body's size: the least side of a picture


def give_roles(blocks: Sequence[Block], sheet: Sheet, body: float) -> None:
    """Set apart furniture, captions and bylines; all else stays text."""
    for one in blocks:
        if _is_furniture(one, sheet):
            one.role = "furniture"
        elif _is_byline(one, body):
            one.role = "byline"
    _masthead(blocks, sheet, body)
    for picture in pictures(sheet, blocks, body):
        for one in blocks:
            if one.role == "text" and _is_caption(one, picture, blocks, body):
                one.role = "caption"


def pictures(sheet: Sheet, blocks: Sequence[Block], body: float) -> list[Rect]:
    """The page's pictures; what is small is an ornament, and what lies under text a ground."""
    big = [one for one in sheet.pictures if min(one.width, one.height) >= _PICTURE * body]
    return [
        one
        for one in big
        if one.width * one.height < 0.9 * sheet.width * sheet.height
        and sum(len(b.lines) for b in blocks if one.holds(*_middle(b.rect))) < 6
    ]


def _middle(rect: Rect) -> tuple[float, float]:
    return (rect.x0 + rect.x1) / 2, (rect.y0 + rect.y1) / 2


def _is_furniture(block: Block, sheet: Sheet) -> bool:
    text = block.lines[0].text.strip("（(【[ ·|")
    if len(block.text) > _LONGEST or is_prose(block.lines):
        return False
    if pattern("furniture").match(text):
        return True
    edge = block.rect.y1 < _TOP * sheet.height or block.rect.y0 > _BOTTOM * sheet.height
    return edge and bool(FOLIO.fullmatch(block.text) or _is_dateline(block))


def _is_dateline(block: Block) -> bool:
    return DATE.search(block.text) is not None and len(block.text) < _LONGEST and "。" not in block.text


def _is_byline(block: Block, body: float) -> bool:
    return len(block.lines) == 1 and block.size < 1.6 * body and is_byline(block.text)


def _masthead(blocks: Sequence[Block], sheet: Sheet, body: float) -> None:
    """What stands beside or above the date and the folio at the page's top is of the masthead too."""
    low = max((b.rect.y1 for b in blocks if b.role == "furniture" and b.rect.y1 < _TOP * sheet.height), default=0.0)
    high = min((b.rect.y0 for b in blocks if b.role == "furniture" and b.rect.y0 > _BOTTOM * sheet.height), default=1e9)
    for one in blocks:
        middle = _middle(one.rect)[1]
        if one.role in ("text", "byline") and not is_prose(one.lines):
            above = middle < low and not _heads_a_text(one, blocks, body)
            if above or (middle > high and one.rect.y0 > _BOTTOM * sheet.height - 2 * body):
                one.role = "furniture"


def _heads_a_text(block: Block, blocks: Sequence[Block], body: float) -> bool:
    """Whether a headline stands right above a text: then it is a story's, however high on the page."""
    if block.size < HEADLINE * body or len(block.text) <= _NAME:
        return False
    return any(
        0 <= one.rect.y0 - block.rect.y1 < 4 * body and one.rect.overlap_x(block.rect) > 0 and len(one.lines) > 1
        for one in blocks
        if one is not block and one.role in ("text", "byline") and one.size < HEADLINE * body
    )


def _is_caption(block: Block, picture: Rect, blocks: Sequence[Block], body: float) -> bool:
    """A few lines under or beside a picture that look unlike the text, or say that they are of a picture."""
    rect = block.rect
    if len(block.lines) > 5 or block.size > HEADLINE * body or block.is_vertical:
        return False
    below = -0.5 * body <= rect.y0 - picture.y1 <= 1.8 * body
    above = -0.5 * body <= picture.y0 - rect.y1 <= 1.2 * body
    beside = rect.overlap_y(picture) > 0.8 * rect.height and -1.2 * body > rect.overlap_x(picture) > -2.5 * body
    within = rect.x0 >= picture.x0 - 1.5 * body and rect.x1 <= picture.x1 + 1.5 * body
    inside = picture.holds(*_middle(rect))
    says_so = pattern("caption").search(block.text.replace("\n", "")) is not None
    looks = abs(block.size - body) > 0.04 * body or block.font != _body_font(blocks, body)
    return inside or (below and within and (says_so or looks)) or (says_so and (beside or (above and within)))


def _body_font(blocks: Sequence[Block], body: float) -> str:
    texts = [one for one in blocks if abs(one.size - body) < 0.03 * body]
    return max(texts, key=lambda one: len(one.text)).font if texts else ""

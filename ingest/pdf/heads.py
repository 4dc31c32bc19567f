"""Headlines with what belongs to them: kicker above, subtitle and byline below; vertical ones from right to left."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.pdf.blocks import HEADLINE, Block, ends_sentence, is_prose
from ingest.pdf.marks import Rect, around

_VERTICAL = 1.15  # times the body's size from which on stacked characters are a headline
_SMALL = 1.04  # times the body's size: a kicker or subtitle has that, or another font than the text
_APART = 0.9  # of the larger size: parts of a headline stand no farther apart
_BETWEEN = 2  # blanks drawn between two pieces of one vertical line
_LONG_NAME = 8  # characters of a line between headline and text that is no subtitle but a name


@dataclass(eq=False, slots=True)
class Head:
    """A headline's parts as they are read, and its byline."""

    parts: list[Block]
    bylines: list[Block] = field(default_factory=list)
    rect: Rect = field(init=False)
    region: int = -1

    def __post_init__(self) -> None:
        self.settle()

    def settle(self) -> None:
        """Measure anew, and put the parts into the order in which they are read."""
        self.rect = around([one.rect for one in self.parts])
        self.region = self.parts[0].region
        if self.is_vertical:
            self.parts.sort(key=lambda one: (-round(one.rect.x0), one.rect.y0))
        else:
            self.parts.sort(key=lambda one: (one.rect.y0, one.rect.x0))

    @property
    def is_vertical(self) -> bool:
        """Whether it stands beside its text."""
        return self.parts[0].is_vertical

    @property
    def size(self) -> float:
        """The largest size in it."""
        return max(one.size for one in self.parts)

    @property
    def bottom(self) -> float:
        """Where it ends, its byline included."""
        return max(one.rect.y1 for one in [*self.parts, *self.bylines])

    @property
    def title(self) -> str:
        """Its parts as one line."""
        return " ".join(_joined(one) for one in self.parts)


def read_heads(blocks: Sequence[Block], rules: Sequence[Rect], body: float) -> list[Head]:
    """The headlines of a page; their blocks get the role head, their bylines that of a byline."""
    own = [one for one in blocks if one.role == "text" and _is_large(one, body)]
    for one in own:
        one.role = "head"
    heads: list[Head] = []
    for one in sorted(own, key=lambda one: (-one.rect.x0, 0) if one.is_vertical else (one.rect.y0, one.rect.x0)):
        found = next((head for head in heads if _is_part(head, one, blocks, rules)), None)
        if found is None:
            heads.append(Head([one]))
        else:
            found.parts.append(one)
            found.settle()
    for head in heads:
        _take_small(head, blocks, rules, body)
    return _merged(heads, blocks, rules)


def _merged(heads: list[Head], blocks: Sequence[Block], rules: Sequence[Rect]) -> list[Head]:
    """The headlines, those joined that a kicker or subtitle brought together."""
    out: list[Head] = []
    for head in heads:
        upper = next((one for one in out if _is_part(one, head.parts[0], blocks, rules) and not one.bylines), None)
        if upper is None or head.is_vertical:
            out.append(head)
        else:
            upper.parts += head.parts
            upper.bylines += head.bylines
            upper.settle()
    return out


def _is_large(block: Block, body: float) -> bool:
    if block.is_vertical:
        return block.size >= _VERTICAL * body
    return block.size >= HEADLINE * body and not is_prose(block.lines)


def _is_part(head: Head, block: Block, blocks: Sequence[Block], rules: Sequence[Rect]) -> bool:
    """Whether a large block goes on with a headline above it, or beside it where both are vertical."""
    if head.region != block.region or head.is_vertical != block.is_vertical:
        return False
    size = max(head.size, block.size)
    if head.is_vertical:
        return any(_is_beside(one, block, size) for one in head.parts)
    return _is_under(head.rect, block, _APART * size, blocks, rules)


def _is_beside(one: Block, other: Block, size: float) -> bool:
    """Whether two vertical lines stand side by side, or one is drawn right after the other and below it."""
    level = one.rect.overlap_y(other.rect) > 0.5 * min(one.rect.height, other.rect.height)
    first, second = sorted((one.lines[0], other.lines[0]), key=lambda line: line.order)
    drawn_on = second.order - first.order - len(first.text) <= _BETWEEN
    under = one.rect.overlap_x(other.rect) > 0.5 * other.rect.width and -one.rect.overlap_y(other.rect) < 2.5 * size
    return (level and -one.rect.overlap_x(other.rect) < 1.5 * size) or (under and drawn_on)


def _is_under(upper: Rect, block: Block, apart: float, blocks: Sequence[Block], rules: Sequence[Rect]) -> bool:
    """Whether a block stands right under a rectangle, with neither text nor a rule between."""
    rect = block.rect
    gap = rect.y0 - upper.y1
    if not -0.3 * block.size < gap <= apart or rect.overlap_x(upper) < 0.5 * min(rect.width, upper.width):
        return False
    return not _ruled(upper, rect, rect, rules) and not _is_in_column(upper, block, blocks)


def _is_in_column(upper: Rect, block: Block, blocks: Sequence[Block]) -> bool:
    """Whether a block under a wide headline heads a column there: the text of the others stands beside it."""
    return any(
        len(one.lines) > 1
        and one.size < HEADLINE * block.size
        and one.region == block.region
        and one.role == "text"
        and one.rect.overlap_y(block.rect) > 0.5 * block.size
        and one.rect.overlap_x(block.rect) < 0 < one.rect.overlap_x(upper)
        for one in blocks
    )


def _ruled(upper: Rect, lower: Rect, part: Rect, rules: Sequence[Rect]) -> bool:
    """Whether a rule that covers a good part of `part` lies between two."""
    return any(upper.y1 - 1 <= one.y0 <= lower.y0 + 1 and one.overlap_x(part) > 0.3 * part.width for one in rules)


def _take_small(head: Head, blocks: Sequence[Block], rules: Sequence[Rect], body: float) -> None:
    """Kickers and subtitles hardly larger than the text, and the byline."""
    if head.is_vertical:
        return
    texts = [one for one in blocks if one.role == "text"]
    usual = max(texts, key=lambda one: len(one.text)).font if texts else ""
    grown = True
    while grown:
        grown = False
        for one in blocks:
            if one.region != head.region or one in head.bylines:
                continue
            below = _is_under(around([head.rect, *(b.rect for b in head.bylines)]), one, 1.4 * body, blocks, rules)
            if one.role == "byline" and below:
                head.bylines.append(one)
                grown = True
            elif (
                one.role == "text" and (below or _is_above(head, one, rules)) and _is_small_part(one, head, usual, body)
            ):
                one.role = "head"
                head.parts.append(one)
                head.settle()
                grown = True


def _is_above(head: Head, block: Block, rules: Sequence[Rect]) -> bool:
    """Whether a block stands right above a headline, in its middle or at its left edge."""
    rect, size = block.rect, block.size
    aside = min(abs((rect.x0 + rect.x1) - (head.rect.x0 + head.rect.x1)) / 2, abs(rect.x0 - head.rect.x0))
    if not -0.3 * size < head.rect.y0 - rect.y1 <= 1.1 * size or aside > 1.5 * size:
        return False
    return not _ruled(rect, head.rect, rect, rules)


def _is_small_part(block: Block, head: Head, usual: str, body: float) -> bool:
    """Whether a block looks like a kicker or subtitle: a few lines that end no sentence, unlike the text."""
    most = 5 if block.size >= _SMALL * body else 2
    if len(block.lines) > most or (ends_sentence(block.text) and "。" in block.text) or is_prose(block.lines):
        return False
    unlike = block.size >= _SMALL * body or block.font != usual or block.text.startswith("——")
    short = block.rect.width < 0.97 * head.rect.width or block.size >= _SMALL * body
    if unlike and len(block.text) <= _LONG_NAME and block.rect.y0 > head.rect.y0 and block.size < _SMALL * body:
        block.role = "byline"
        head.bylines.append(block)
        return False
    return unlike and short


def _joined(block: Block) -> str:
    """The lines of a part: a line that fills the width ran on, and what stands by itself is parted by a blank."""
    out = block.lines[0].text
    for one, other in zip(block.lines, block.lines[1:], strict=False):
        ran_on = one.rect.x1 > block.rect.x1 - 0.6 * one.size and abs(one.rect.x0 - other.rect.x0) < 0.6 * one.size
        ran_on = ran_on and other.rect.width < 0.9 * one.rect.width
        out += other.text if ran_on else f" {other.text}"
    return out

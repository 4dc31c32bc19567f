"""Lines into blocks: lines of one size and kind that stand under one another, such as a column's part or a headline."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.pdf.lines import Line
from ingest.pdf.marks import Rect, around
from ingest.pdf.words import is_byline

HEADLINE = 1.28  # times the body's size from which on a line is a headline
_SAMPLE = 12  # lines that tell a block's leading
_REACH = 4.0  # of the size: what ends farther above is done
_LEADING = 1.0  # of the size: the most that parts two lines of a block
_INDENT = 3.5  # em by which a block's lines may differ at the left: a paragraph's first is indented by two
_TERMINAL = "。！？!?…"
CLOSING = "”’」』）)】》"


@dataclass(eq=False, slots=True)
class Block:
    """Lines from top to bottom; `role` is text, head, subhead, byline, caption, jump or furniture."""

    lines: list[Line]
    role: str = "text"
    region: int = -1
    rect: Rect = field(init=False)

    def __post_init__(self) -> None:
        self.rect = around([one.rect for one in self.lines])

    def add(self, line: Line) -> None:
        """A line below the last one."""
        self.lines.append(line)
        self.rect = around([self.rect, line.rect])

    @property
    def size(self) -> float:
        """That of its first line."""
        return self.lines[0].size

    @property
    def font(self) -> str:
        """That of most of its characters."""
        return Counter(font for one in self.lines for font in [one.font] * len(one.text)).most_common(1)[0][0]

    @property
    def text(self) -> str:
        """Its lines, a line each."""
        return "\n".join(one.text for one in self.lines)

    @property
    def is_vertical(self) -> bool:
        """Whether its characters are stacked."""
        return self.lines[0].is_vertical

    @property
    def leading(self) -> float:
        """The usual distance of two lines' tops, at least its size."""
        shown = self.lines[-_SAMPLE:]
        steps = sorted(b.rect.y0 - a.rect.y0 for a, b in pairwise(shown))
        return max(steps[len(steps) // 2], self.size) if steps else 1.4 * self.size


def body_size(lines: Iterable[Line]) -> float:
    """The size of most characters that stand in lines of several; 0 without any."""
    sizes: Counter[float] = Counter()
    for one in lines:
        if not one.is_vertical:
            sizes[round(one.size * 4) / 4] += len(one.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def ends_sentence(text: str) -> bool:
    """Whether a text ends with a sentence, brackets and quotation marks after it apart."""
    bare = text.rstrip().rstrip(CLOSING)
    return bool(bare) and bare[-1] in _TERMINAL


def is_prose(lines: Sequence[Line]) -> bool:
    """Whether lines tell sentences, rather than a headline."""
    text = "".join(one.text for one in lines)
    return "。" in text and len(text) > 30


def read_blocks(lines: Sequence[Line], rules: Sequence[Rect]) -> list[Block]:
    """The blocks of a page, from the top; no block runs through a rule that lies."""
    blocks: list[Block] = []
    near: list[Block] = []  # those that the next line may still go on with
    for line in lines:
        near = [one for one in near if one.rect.y1 > line.rect.y0 - _REACH * max(one.size, line.size)]
        fitting = [(line.rect.y0 - one.rect.y1, at) for at, one in enumerate(near) if _continues(one, line, rules)]
        if fitting:
            block = near[min(fitting)[1]]
            block.add(line)
        else:
            near.append(Block([line]))
            blocks.append(near[-1])
    return blocks


def _continues(block: Block, line: Line, rules: Sequence[Rect]) -> bool:
    last = block.lines[-1]
    if line.is_vertical or last.is_vertical or is_byline(line.text) or is_byline(last.text):
        return False
    size = max(last.size, line.size)
    gap = line.rect.y0 - last.rect.y1
    if not -0.5 * size < gap <= _LEADING * size or abs(last.size - line.size) > 0.07 * size:
        return False
    if line.rect.y0 - last.rect.y0 < 0.6 * size or not _is_aligned(block, line, size):
        return False
    if len(block.lines) > 1 and line.rect.y0 - last.rect.y0 > 1.35 * block.leading:
        return False
    if line.font != last.font and _is_wide(line) and _is_wide(last) and line.font != block.font:
        return False
    overlap = line.rect.overlap_x(last.rect)
    return not any(
        last.rect.y1 - 2 <= rule.y0 <= line.rect.y0 + 2 and rule.overlap_x(line.rect) > 0.5 * overlap for rule in rules
    )


def _is_wide(line: Line) -> bool:
    return not line.text.isascii()


def _is_aligned(block: Block, line: Line, size: float) -> bool:
    """Whether a line stands in the block's column: at its left edge or indented, or centred with its last line."""
    last = block.lines[-1].rect
    rect = line.rect
    if rect.overlap_x(last) < 0.5 * min(rect.width, last.width):
        return False
    if abs((rect.x0 + rect.x1) - (last.x0 + last.x1)) < size:
        return True
    left, right = block.rect.x0, block.rect.x1
    if len(block.lines) == 1:
        return -_INDENT * size <= rect.x0 - left <= _INDENT * size and rect.x1 <= right + _INDENT * size
    return -0.8 * size <= rect.x0 - left <= _INDENT * size and rect.x1 <= right + 1.2 * size

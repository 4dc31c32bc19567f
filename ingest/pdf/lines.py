"""Characters into lines: what runs on from left to right, and what is stacked from top to bottom.

The order in which a PDF draws its characters gives the first pieces; their places alone tell which belong together. Two
pieces at one height with a gap between are one line where the lines above and below run through that gap, and two
columns where they leave it free.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.pdf.marks import Glyph, Rect, around
from ingest.pdf.words import is_byline

_CLOSE = 0.35  # em between characters that surely belong together
_OVERLAP = 0.4  # em by which the boxes of neighbours may overlap; half an em more where punctuation is squeezed
_FAR = 3.0  # em from which on they surely do not
_HEADLINE_GAP = 0.5  # em that part two headlines which no lines above or below tell apart
_GUTTER = 0.3  # em of a gap that a line leaves free where it is one between columns
_SIDE = 6.0  # em at either side of a gap in which the lines around it are looked for
_NEAR_ROWS = 3  # lines above and below that are asked about a gap
_HALF_LEFT = frozenset("，。、；：！？”’）》〉】」』")  # their ink fills the left half of their box
_HALF_RIGHT = frozenset("“‘（《〈【「『")
_STACKED = 3  # characters that make a vertical line
_HEIGHT = 0.86  # of the size, from a line's base to its top


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and where it stands; `size` and `font` are those of most of its characters."""

    text: str
    rect: Rect
    size: float
    font: str
    order: int
    is_vertical: bool = False

    @property
    def base(self) -> float:
        """The height on which its characters stand."""
        return self.rect.y1 - (1 - _HEIGHT) * self.size


def read_lines(glyphs: Sequence[Glyph], rules: Sequence[Rect]) -> list[Line]:
    """The lines of a page, from the top; `rules` stand, and no line runs through one."""
    stacked, rest = _stacks(glyphs)
    pieces = _Pieces(_runs(rest), rules)
    lines = [_line(run) for run in pieces.joined()] + [_line(run, is_vertical=True) for run in stacked]
    return sorted((one for one in lines if one.text), key=lambda one: (one.rect.y0, one.rect.x0))


Run = list[Glyph]


def _stacks(glyphs: Sequence[Glyph]) -> tuple[list[Run], list[Glyph]]:
    """Vertical lines as they are drawn, and the other characters."""
    stacks: list[Run] = []
    rest: list[Glyph] = []
    at = 0
    while at < len(glyphs):
        end = at + 1
        while end < len(glyphs) and _is_under(glyphs[end - 1], glyphs[end]):
            end += 1
        run = list(glyphs[at:end])
        is_stack = sum(one.text != " " and not one.text.isascii() for one in run) >= _STACKED
        (stacks.append(run) if is_stack else rest.extend(run))
        at = end
    return stacks, rest


def _is_under(one: Glyph, other: Glyph) -> bool:
    size = one.size
    middle = abs((one.x0 + one.x1) - (other.x0 + other.x1)) / 2
    return (
        abs(size - other.size) < 0.1 * size and middle < 0.3 * size and 0.5 * size < other.base - one.base < 2.2 * size
    )


def _runs(glyphs: Sequence[Glyph]) -> list[Run]:
    """Characters that are drawn one after the other and stand side by side."""
    runs: list[Run] = []
    for one in glyphs:
        before = runs[-1][-1] if runs else None
        if before and _follows(before, one, _CLOSE):
            runs[-1].append(one)
        else:
            runs.append([one])
    return [run for run in runs if any(one.text != " " for one in run)]


def _follows(one: Glyph, other: Glyph, gap: float) -> bool:
    size = max(one.size, other.size)
    level = abs(one.base - other.base) < 0.25 * size and min(one.size, other.size) > 0.6 * size
    squeezed = _OVERLAP + 0.5 * ((one.text in _HALF_LEFT) + (other.text in _HALF_RIGHT))
    return level and -squeezed * size < other.x0 - one.x1 <= gap * min(one.size, other.size) and other.x0 > one.x0


class _Pieces:
    """Runs of characters, joined into lines by where they stand."""

    def __init__(self, runs: list[Run], rules: Sequence[Rect]) -> None:
        self.rules = rules
        self.runs = self._chain(runs, _CLOSE, sure=True)

    def joined(self) -> list[Run]:
        """The lines' characters from left to right."""
        return self._chain(self.runs, _FAR, sure=False)

    def _chain(self, runs: list[Run], gap: float, *, sure: bool) -> list[Run]:
        """Join each run to its neighbour on the right, where there is one near enough (`sure`) or that fits."""
        self.boxes = [_bounds(run) for run in runs]
        self.sizes = [_size(run) for run in runs]
        self.grid = _Grid(self.boxes)
        self.names = {at for at, run in enumerate(runs) if is_byline("".join(one.text for one in run).strip())}
        after: dict[int, int] = {}
        taken: set[int] = set()
        for at in sorted(range(len(runs)), key=lambda at: self.boxes[at].x0):
            right = self._right_of(runs, at, gap, taken)
            if right is not None and (self._is_sure(runs, at, right) if sure else self._is_one_line(runs, at, right)):
                after[at] = right
                taken.add(right)
        return [_chained(runs, at, after) for at in range(len(runs)) if at not in taken]

    def _is_sure(self, runs: list[Run], at: int, right: int) -> bool:
        """Whether two near pieces surely are one line; punctuation that hangs into a gutter fills half of its box."""
        last, first = runs[at][-1], runs[right][0]
        gap = first.x0 - last.x1 + 0.5 * last.size * ((last.text in _HALF_LEFT) + (first.text in _HALF_RIGHT))
        return first.order - last.order == 1 or gap <= _CLOSE * min(last.size, first.size)

    def _right_of(self, runs: list[Run], at: int, gap: float, taken: set[int]) -> int | None:
        last = runs[at][-1]
        near: list[tuple[float, int]] = []
        reach = self.boxes[at]._replace(x0=last.x1 - last.size, x1=last.x1 + (gap + 0.5) * last.size)
        for other in self.grid.near(reach):
            first = runs[other][0]
            if other != at and other not in taken and first.x0 > last.x0 and _follows(last, first, gap):
                near.append((first.x0, other))
        if not near:
            return None
        x, right = min(near)
        middle = (self.boxes[at].y0 + self.boxes[at].y1) / 2
        crossed = any(last.x1 - 1 <= rule.x0 <= x + 1 and rule.y0 <= middle <= rule.y1 for rule in self.rules)
        return None if crossed else right

    def _is_one_line(self, runs: list[Run], at: int, right: int) -> bool:
        """Whether the lines around run through the gap between two pieces, where those are of body text."""
        last, first = runs[at][-1], runs[right][0]
        size, gap = self.sizes[at], first.x0 - last.x1
        is_drawn_on = first.order - last.order == 1
        start = last.x1 - 0.5 * last.size * (last.text in _HALF_LEFT)
        end = first.x0 + 0.5 * first.size * (first.text in _HALF_RIGHT)
        votes = [self._through(at, right, (start, end), way) for way in (-1, 1)]
        through, free = sum(v[0] for v in votes), sum(v[1] for v in votes)
        if through + free == 0:
            typical = max(_spacing(runs[at]), _spacing(runs[right]), 0.0)
            limit = 2 * _HEADLINE_GAP if is_drawn_on else _HEADLINE_GAP
            return gap <= limit * size + 1.5 * typical
        return through + 0.5 * is_drawn_on > free

    def _through(self, at: int, right: int, gap: tuple[float, float], way: int) -> tuple[int, int]:
        """How many of the next lines above (-1) or below (1) cover the gap, and how many leave it free."""
        one, other, size = self.boxes[at], self.boxes[right], self.sizes[at]
        reach = 2.1 * size
        through = free = 0
        y = one.y0 if way < 0 else one.y1
        for _ in range(_NEAR_ROWS):
            top = y - reach if way < 0 else y
            window = Rect(max(one.x0, gap[0] - _SIDE * size), top, min(other.x1, gap[1] + _SIDE * size), top + reach)
            found = [
                at
                for at in self.grid.near(window)
                if abs(self.sizes[at] - size) < 0.1 * size
                and at not in self.names
                and self.boxes[at].overlap_x(window) > 0
                and window.y0 <= (self.boxes[at].y0 + self.boxes[at].y1) / 2 <= window.y1
                and (self.boxes[at].y1 <= y + 0.3 * size if way < 0 else self.boxes[at].y0 >= y - 0.3 * size)
            ]
            if not found:
                break
            edge = max(self.boxes[at].y1 for at in found) if way < 0 else min(self.boxes[at].y0 for at in found)
            row = [at for at in found if abs((self.boxes[at].y1 if way < 0 else self.boxes[at].y0) - edge) < 0.5 * size]
            if _uncovered(*gap, [self.boxes[at] for at in row]) < _GUTTER * size:
                through += 1
            else:
                free += 1
            y = min(self.boxes[at].y0 for at in row) if way < 0 else max(self.boxes[at].y1 for at in row)
        return through, free


def _uncovered(x0: float, x1: float, boxes: Sequence[Rect]) -> float:
    """The longest part of a gap that none of the boxes covers."""
    longest, at = 0.0, x0
    for box in sorted(boxes):
        longest = max(longest, min(box.x0, x1) - at)
        at = max(at, box.x1)
    return max(longest, x1 - at)


class _Grid:
    """Boxes found by where they stand on the page."""

    _STEP = 24.0  # points

    def __init__(self, boxes: Sequence[Rect]) -> None:
        self._cells: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for at, box in enumerate(boxes):
            for cell in self._of(box):
                self._cells[cell].append(at)

    def near(self, window: Rect) -> set[int]:
        """Those that may meet a window."""
        return {at for cell in self._of(window) for at in self._cells.get(cell, ())}

    def _of(self, rect: Rect) -> Iterator[tuple[int, int]]:
        step = self._STEP
        for row in range(int(rect.y0 // step), int(rect.y1 // step) + 1):
            for column in range(int(rect.x0 // step), int(rect.x1 // step) + 1):
                yield row, column


def _chained(runs: Sequence[Run], at: int, after: dict[int, int]) -> Run:
    out = list(runs[at])
    while at in after:
        at = after[at]
        out += runs[at]
    return out


def _bounds(run: Sequence[Glyph]) -> Rect:
    ink = [one for one in run if one.text != " "] or run
    return around([Rect(g.x0, g.base - _HEIGHT * g.size, g.x1, g.base + (1 - _HEIGHT) * g.size) for g in ink])


def _size(run: Sequence[Glyph]) -> float:
    return Counter(round(one.size, 2) for one in run if one.text != " ").most_common(1)[0][0]


def _spacing(run: Sequence[Glyph]) -> float:
    """The usual distance of two characters; negative where a line is squeezed."""
    gaps = [other.x0 - one.x1 for one, other in pairwise(run)]
    return median(gaps) if gaps else 0.0


def _line(run: Run, *, is_vertical: bool = False) -> Line:
    ink = [one for one in run if one.text != " "]
    wide = [one.font for one in ink if not one.text.isascii()]
    font = Counter(wide or [one.font for one in ink]).most_common(1)[0][0] if ink else ""
    text = "".join(_spaced(run, is_vertical=is_vertical)).strip()
    return Line(text, _bounds(run), _size(ink or run), font, run[0].order, is_vertical)


def _spaced(run: Iterable[Glyph], *, is_vertical: bool) -> Iterator[str]:
    """The characters with single blanks where blanks are drawn or left."""
    run = list(run)
    typical = 0.0 if is_vertical else _spacing(run)
    before: Glyph | None = None
    for one in run:
        if one.text == " ":
            if before is not None and before.text != " ":
                yield " "
        elif before is not None and before.text != " " and not is_vertical and _is_blank(before, one, typical):
            yield " "
        if one.text != " ":
            yield one.text
        before = one


def _is_blank(one: Glyph, other: Glyph, typical: float) -> bool:
    """Whether the gap of two characters stands for a blank: between Latin words a narrow one does, and beside
    punctuation, whose own width a typesetter changes, only a wide one. PDFium leaves out some blanks that are drawn."""
    left, right = one.text[-1], other.text[0]
    least = 0.5  # between Chinese and Latin a typesetter leaves a quarter of an em by itself
    if not left.isalnum() or not right.isalnum():
        least = 1.0
    elif left.isascii() == right.isascii():
        least = 0.18 if left.isascii() or other.apart else 0.4
    return other.x0 - one.x1 - typical > least * min(one.size, other.size)

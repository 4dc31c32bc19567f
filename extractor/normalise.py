"""The article's text made plain for matching, with the way back to the original to the character.

Width (full-width letters, digits, brackets) and script (traditional to simplified) are folded one character for one;
hard line breaks inside paragraphs, names and numbers are undone, and blanks inside numbers dropped.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from extractor.fold import fold, is_traditional

_LEAST_BREAKS = 4  # a page of fewer lines has no column to be told
_TERMINAL = "。！？；…!?;”」』"
_BLANK = re.compile(
    r"(?<=[0-9年月])[ ](?=[年月日万亿元千百个家余多]|[0-9])|(?<=[万亿千百])[ ](?=[元万亿美港])"
    r"|(?<=[一-龥])[ ](?=[0-9]{1,12}[ ]?[年月日万亿个家])"
)
_LIST_HEAD = re.compile(
    r"[\s\u3000]*(?:[·•◎▪▫■□◆◇★☆✅✓▶►※→>*|#【〔—–-]|\d{1,2}[.、)）．]|[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]{1,2}、)"
)


@dataclass(frozen=True, slots=True)
class Folded:
    """The plain text, and the original it came from."""

    text: str
    original: str
    traditional: bool
    _starts: tuple[int, ...]
    _origins: tuple[int, ...]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that the plain text's `start` to `end` came from."""
        if end <= start:
            at = self._origin(start)
            return at, at
        return self._origin(start), self._origin(end - 1) + 1

    def quote(self, start: int, end: int) -> str:
        """What stands in the original at a span of the plain text."""
        first, last = self.origin(start, end)
        return self.original[first:last]

    def surface(self, start: int, end: int) -> str:
        """The original's characters at a span, in its own script, without the blanks and breaks inside."""
        return "".join(self.quote(start, end).split())

    def _origin(self, at: int) -> int:
        piece = bisect_right(self._starts, at) - 1
        return self._origins[piece] + at - self._starts[piece] if piece >= 0 else at


def normalise(original: str) -> Folded:
    """Fold width and script, undo hard wraps, drop blanks inside numbers. Linear in the length."""
    traditional = is_traditional(original)
    text = fold(original, traditional=traditional)
    cuts = _wraps(text) if text.count("\n") >= _LEAST_BREAKS else []
    if " " in text:
        cuts = sorted([*cuts, *((m.start(), m.end()) for m in _BLANK.finditer(text))])
    return _without(text, cuts, original, traditional) if cuts else Folded(text, original, traditional, (0,), (0,))


def _width(line: str) -> int:
    """Columns a line fills: two for a Chinese character, one for a Latin one."""
    return (len(line) + len(line.encode("utf-8", "replace"))) // 2


def _wraps(text: str) -> list[tuple[int, int]]:
    """The breaks (with the blanks around them) that only the page's width made."""
    lines = text.split("\n")
    column = _column(lines)
    if not column:
        return []
    cuts, at = [], 0
    for i, line in enumerate(lines[:-1]):
        at += len(line)
        if _goes_on(line, column):
            cut = _cut(lines, i, at, column)
            if cut:
                cuts.append(cut)
        at += 1
    return cuts


def _cut(lines: list[str], i: int, at: int, column: int) -> tuple[int, int] | None:
    """The break after line `i` (which ends at `at`), if the next line goes on with its sentence."""
    following, skipped = lines[i + 1], 0
    if not following.strip() and i + 2 < len(lines) and _width(lines[i]) >= 0.8 * column:
        skipped, following = len(following) + 1, lines[i + 2]
    if not following.strip() or _LIST_HEAD.match(following) or following[:2].strip() == "":
        return None
    start = at - (len(lines[i]) - len(lines[i].rstrip()))
    return start, at + 1 + skipped + len(following) - len(following.lstrip())


def _goes_on(line: str, column: int) -> bool:
    bare = line.strip()
    return bool(bare) and bare[-1] not in _TERMINAL and not bare.startswith("#") and _width(line) >= 0.62 * column


def _column(lines: list[str]) -> int:
    """The page's width in columns, 0 for text that is not hard-wrapped: most unfinished lines are of one width."""
    told = [line for line in lines if line and not line.isspace()]
    unfinished = [line for line in told if line.rstrip()[-1] not in _TERMINAL]
    if len(unfinished) < 5 or len(unfinished) < 0.4 * len(told):
        return 0
    widths = [_width(line) for line in told]
    open_widths = sorted(_width(line) for line in unfinished)
    column = open_widths[int(0.8 * (len(open_widths) - 1))]
    if sum(width > 1.5 * column for width in widths) > 0.1 * len(widths):
        return 0
    near = sum(0.62 * column <= width <= 1.3 * column for width in open_widths)
    return column if 16 <= column <= 100 and near >= 0.6 * len(open_widths) else 0


def _without(text: str, cuts: list[tuple[int, int]], original: str, traditional: bool) -> Folded:
    pieces: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    at = length = 0
    for start, end in [*cuts, (len(text), len(text))]:
        if start < at:
            continue
        if start > at or not starts:
            starts.append(length)
            origins.append(at)
            pieces.append(text[at:start])
            length += start - at
        at = end
    return Folded("".join(pieces), original, traditional, tuple(starts), tuple(origins))

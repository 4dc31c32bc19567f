"""The article's text made plain for matching, with the way back to the original to the character.

Width (full-width letters, digits, brackets) and script (traditional to simplified) are folded one character for one;
hard line breaks inside paragraphs, names and numbers are undone, and blanks inside numbers dropped.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from extractor.columns import Span, reading_order
from extractor.fold import fold, is_traditional

_BLANK = re.compile(
    r"[ ](?:(?<=[0-9年月] )(?=[年月日万亿元千百个家余多])|(?<=[万亿千百] )(?=[元万亿美港])|(?<=[年月] )(?=[0-9])"
    r"|(?<=[0-9] )(?=[0-9]{3}(?![0-9:]))|(?<=(?<![0-9])[0-9] )(?=[0-9](?![0-9]))"
    r"|(?<=[一-龥] )(?=[0-9]{1,12}[ ]?[年月日万亿个家]))"
)
"""A blank by what stands on either side; the blank itself is asked first, since `re` searches fast for one sign."""

_WHOLE = (0,)
"""Where the one piece starts of a text of which nothing was cut or moved."""


@dataclass(frozen=True, slots=True)
class Folded:
    """The plain text, and the original it came from."""

    text: str
    original: str
    traditional: bool
    _starts: tuple[int, ...]
    _origins: tuple[int, ...]
    _seams: tuple[int, ...] = ()

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that the plain text's `start` to `end` came from.

        Where the span holds two halves that stand apart in the original, it is that of the longer half.
        """
        if self._starts is _WHOLE:
            return start, max(start, end)
        if end <= start:
            at = self._origin(start)
            return at, at
        first, last = self._origin(start), self._origin(end - 1) + 1
        if self._seams:
            first, last = max(self._parts(start, end), key=lambda part: (part[1] - part[0], -part[0]))
        return first, last

    def quote(self, start: int, end: int) -> str:
        """What stands in the original at a span of the plain text."""
        first, last = self.origin(start, end)
        return self.original[first:last]

    def surface(self, start: int, end: int) -> str:
        """The original's characters at a span, in its own script, without the blanks and breaks inside."""
        if not self._seams:
            first, last = self.origin(start, end)
            return "".join(self.original[first:last].split())
        return "".join("".join(self.original[first:last].split()) for first, last in self._parts(start, end))

    def _parts(self, start: int, end: int) -> list[Span]:
        """The spans of the original that a span came from, one for each stretch between two seams."""
        inside = self._seams[bisect_right(self._seams, start) : bisect_left(self._seams, end)]
        edges = [start, *inside, end]
        return [(self._origin(first), self._origin(last - 1) + 1) for first, last in pairwise(edges) if first < last]

    def _origin(self, at: int) -> int:
        piece = bisect_right(self._starts, at) - 1
        return self._origins[piece] + at - self._starts[piece] if piece >= 0 else at


def normalise(original: str) -> Folded:
    """Fold width and script, undo hard wraps, drop blanks inside numbers. Linear in the length."""
    traditional = is_traditional(original)
    text = fold(original, traditional=traditional)
    spans = reading_order(text) if "\n" in text else None
    blanks = [match.span() for match in _BLANK.finditer(text)] if " " in text else []
    if spans is None and not blanks:
        return Folded(text, original, traditional, _WHOLE, _WHOLE)
    return _put_together(text, _without(spans or [(0, len(text))], blanks), original, traditional)


def _without(spans: Iterable[Span], blanks: list[Span]) -> Iterable[Span]:
    """The spans less the blanks, each of which stands inside one."""
    starts = [start for start, _ in blanks]
    for first, last in spans:
        at = first
        for start, end in blanks[bisect_left(starts, first) : bisect_left(starts, last)]:
            if at < start:
                yield at, start
            at = end
        if at < last:
            yield at, last


def _put_together(text: str, spans: Iterable[Span], original: str, traditional: bool) -> Folded:
    pieces: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    seams: list[int] = []
    length = at = 0
    for start, end in spans:
        if start < at or text[at:start].strip():
            seams.append(length)
        pieces.append(text[start:end])
        starts.append(length)
        origins.append(start)
        length += end - start
        at = end
    return Folded("".join(pieces), original, traditional, tuple(starts), tuple(origins), tuple(seams))

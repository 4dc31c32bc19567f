"""A sentence as its words with the names, sums, dates and instruments in it told by kind only: 银行 向 <F> 发放 <A>.

What is learnt over streams holds for names and sums never seen.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stream:
    """Words or kinds in the order of the text, with where each starts and ends."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def index(self, at: int) -> int:
        """The number of the word that starts at a position or next after it."""
        return bisect_left(self.starts, at)

    def between(self, start: int, end: int) -> tuple[str, ...]:
        """The words that start in a span."""
        return self.words[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


def stream(
    words: Sequence[tuple[int, str]], starts: Sequence[int], start: int, end: int, spans: Iterable[tuple[int, int, str]]
) -> Stream:
    """The stream of `text[start:end]`: `words` with their `starts`; `spans` (start, end, kind) stand for theirs.

    Spans may overlap: of two the one that starts first counts, and of those the longer.
    """
    out: list[tuple[int, int, str]] = []
    taken = start
    at = bisect_left(starts, start)
    for first, last, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if first < taken:
            continue
        at = _plain(words, at, taken, first, out)
        out.append((first, last, kind))
        taken = last
    _plain(words, at, taken, end, out)
    return Stream(tuple(w for _, _, w in out), tuple(s for s, _, _ in out), tuple(e for _, e, _ in out))


def _plain(words: Sequence[tuple[int, str]], at: int, taken: int, end: int, out: list[tuple[int, int, str]]) -> int:
    """Add the words that start between `taken` and `end`; the number of the next."""
    while at < len(words) and words[at][0] < end:
        begin, word = words[at]
        if begin >= taken and not word.isspace():
            out.append((begin, min(begin + len(word), end), "<N>" if word[0].isdigit() else word))
        at += 1
    return at

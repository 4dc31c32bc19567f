"""A sentence as its words with the names, sums, dates and instruments in it told by kind only: 银行 向 <F> 发放 <A>.

What is learnt over streams holds for names and sums never seen.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

_START, _END = itemgetter(0), itemgetter(1)


class Stream(NamedTuple):
    """Words or kinds in the order of the text, with where each starts."""

    words: Sequence[str]
    starts: Sequence[int]

    def number(self, at: int) -> int:
        """The number of the word that starts at a position or next after it."""
        return bisect_left(self.starts, at)

    def between(self, start: int, end: int) -> Sequence[str]:
        """The words that start in a span."""
        return self.words[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


def stream(
    words: Sequence[str], starts: Sequence[int], start: int, end: int, spans: Sequence[tuple[int, int, str]]
) -> Stream:
    """The stream of `text[start:end]`: `words` with their `starts`; `spans` (start, end, kind) stand for theirs.

    Spans may overlap: of two the one that starts first counts, and of those the longer.
    """
    first, last = bisect_left(starts, start), bisect_left(starts, end)
    inside, begins = words[first:last], starts[first:last]
    if any(map(str.isspace, inside)):
        begins = [at for at, word in zip(begins, inside, strict=True) if not word.isspace()]
        inside = [word for word in inside if not word.isspace()]
    plain = ["<N>" if word[0].isdigit() else word for word in inside]
    out_words: list[str] = []
    out_starts: list[int] = []
    at = 0
    taken = start
    if len(spans) > 1:
        spans = sorted(sorted(spans, key=_END, reverse=True), key=_START)
    for begin, stop, kind in spans:
        if begin < taken:
            continue
        upto = bisect_left(begins, begin, at)
        out_words += plain[at:upto]
        out_starts += begins[at:upto]
        out_words.append(kind)
        out_starts.append(begin)
        at = bisect_left(begins, stop, upto)
        taken = stop
    out_words += plain[at:]
    out_starts += begins[at:]
    return Stream(out_words, out_starts)

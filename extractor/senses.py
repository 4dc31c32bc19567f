"""What a sentence speaks of, in some thirty senses: money paid, approved, owed, deposited; a policy, a price.

The words are in `data/senses.csv`, ours. A sense tells the judge more than its words do, since the gold is small and
a word that never stood in it may yet be met.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from extractor.wordlist import Found


class Sense(NamedTuple):
    """A word at `start` to `end` and its senses, sorted."""

    start: int
    end: int
    names: tuple[str, ...]


class Senses:
    """The senses of a span in order: of the `words` of its text that have senses (`extractor/phrases.py`), of which
    none holds a sign that ends a sentence.

    What lies in one of `names` (start, end) tells of the name and is left out.
    """

    def __init__(self, words: Sequence[Found], start: int, end: int, names: Iterable[tuple[int, int]]) -> None:
        self._told = told = list(words[bisect_left(words, (start,)) : bisect_left(words, (end,))])
        for begin, stop in names:
            first = last = bisect_left(told, (begin,))
            while last < len(told) and told[last][1] <= stop:
                last += 1
            del told[first:last]

    def within(self, start: int, end: int) -> tuple[str, ...]:
        """The senses that begin in a span, each once, sorted."""
        told = self._told
        first = bisect_left(told, (start,))
        last = bisect_left(told, (end,), first)
        if last - first < 2:
            return told[first][2] if first < last else ()
        return tuple(sorted(set().union(*[senses for _, _, senses in told[first:last]])))

    def before(self, at: int) -> Sense | None:
        """The last that ends at a position or before it."""
        number = bisect_left(self._told, (at,)) - 1
        if number >= 0 and self._told[number][1] > at:
            number -= 1  # no two overlap: the one before it ends in time
        return None if number < 0 else Sense(*self._told[number])

    def after(self, at: int) -> Sense | None:
        """The first that begins at a position or after it."""
        number = bisect_left(self._told, (at,))
        return None if number == len(self._told) else Sense(*self._told[number])

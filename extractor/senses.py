"""What a sentence speaks of, in some thirty senses: money paid, approved, owed, deposited; a policy, a price.

The words are in `data/senses.csv`, ours. A sense tells the judge more than its words do, since the gold is small and
a word that never stood in it may yet be met.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
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
        told = words[bisect_left(words, (start,)) : bisect_left(words, (end,))]
        self._starts, self._ends = [first for first, _, _ in told], [last for _, last, _ in told]
        self._names: list[tuple[str, ...]] = [senses for _, _, senses in told]
        for begin, stop in names:
            first = bisect_left(self._starts, begin)
            last = bisect_right(self._ends, stop, first)
            if first < last:
                del self._starts[first:last], self._ends[first:last], self._names[first:last]

    def within(self, start: int, end: int) -> tuple[str, ...]:
        """The senses that begin in a span, each once, sorted."""
        first = bisect_left(self._starts, start)
        found = self._names[first : bisect_left(self._starts, end, first)]
        if len(found) < 2:
            return found[0] if found else ()
        return tuple(sorted(set().union(*found)))

    def before(self, at: int) -> Sense | None:
        """The last that ends at a position or before it."""
        number = bisect_right(self._ends, at) - 1
        return None if number < 0 else Sense(self._starts[number], self._ends[number], self._names[number])

    def after(self, at: int) -> Sense | None:
        """The first that begins at a position or after it."""
        number = bisect_left(self._starts, at)
        if number == len(self._starts):
            return None
        return Sense(self._starts[number], self._ends[number], self._names[number])

"""Where the banks, firms, sums and lines of an article lie, to tell what lies between a name and an anchor."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from extractor.scene import Scene

Place = tuple[int, int]
"""The number of a scene and a position in the page's text."""


Between = tuple[int, int, int, int, int, int]
"""How many lie between two places: other banks and other firms, each once; sums; lines; names of banks, of firms."""


class _Row:
    """Things of one kind in order, by where they start; `bounds` tells how many lie in the scenes up to each."""

    def __init__(self, scenes: Iterable[Iterable[tuple[int, object]]]) -> None:
        self.bounds = [0]
        self.starts: list[int] = []
        self.things: list[object] = []
        for scene in scenes:
            for start, thing in scene:
                self.starts.append(start)
                self.things.append(thing)
            self.bounds.append(len(self.starts))

    def between(self, first: int, last: int, low: int, high: int) -> Sequence[object]:
        """What starts after `low` and before `high` in the scenes from `first` to `last`."""
        begin, end = self.bounds[first], self.bounds[last + 1]
        if begin == end:
            return ()
        begin = bisect_right(self.starts, low, begin, end)
        return self.things[begin : bisect_left(self.starts, high, begin, end)]


class Survey:
    """An article's scenes, looked over once for all of its frames.

    `forms` keeps how each firm, by its id, is told (`extractor/features/sides.py`).
    """

    def __init__(self, scenes: Sequence[Scene]) -> None:
        self._banks = _Row([[(ref.start, ref.bank) for ref in scene.banks] for scene in scenes])
        self._firms = _Row([[(ref.start, id(ref.firm)) for ref in scene.firms] for scene in scenes])
        self._sums = _Row([[(mark.start, mark) for mark in scene.within("amount")] for scene in scenes])
        self.forms: dict[int, str] = {}
        lines = [scene.sentence.block.start for scene in scenes]
        self._line = list(accumulate((one != other for one, other in pairwise(lines)), initial=0))

    def between(self, one: Place, other: Place, own: object) -> Between:
        """What lies between two places; `own`, a bank's name or a firm's id, is not counted."""
        first, last = (one[0], other[0]) if one[0] < other[0] else (other[0], one[0])
        low, high = (one[1], other[1]) if one[1] < other[1] else (other[1], one[1])
        banks = self._banks.between(first, last, low, high)
        firms = self._firms.between(first, last, low, high)
        sums = self._sums.between(first, last, low, high)
        lines = self._line[last] - self._line[first]
        return _others(banks, own), _others(firms, own), len(sums), lines, len(banks), len(firms)


def _others(found: Sequence[object], own: object) -> int:
    """How many different things, `own` not counted."""
    if not found:
        return 0
    different = set(found)
    return len(different) - (own in different)

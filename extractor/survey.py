"""Where the banks, firms, sums and lines of an article lie, to tell what lies between a name and an anchor."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from extractor.scene import Scene

Place = tuple[int, int]
"""The number of a scene and a position in the page's text."""


class Between(NamedTuple):
    """How many banks and firms lie between two places (`named`: each once but for one's own; `told`: every telling),
    and how many sums and lines."""

    banks: int
    firms: int
    sums: int
    lines: int
    banks_told: int
    firms_told: int


class _Row:
    """Things of one kind by where they start."""

    def __init__(self, scenes: Iterable[Iterable[tuple[int, object]]]) -> None:
        found = [list(scene) for scene in scenes]
        self.starts = [start for scene in found for start, _ in scene]
        self.things = [thing for scene in found for _, thing in scene]
        self._bounds = list(accumulate(map(len, found), initial=0))

    def between(self, low: Place, high: Place) -> Sequence[object]:
        """What starts after one place and before another."""
        first, last = self._bounds[low[0]], self._bounds[high[0] + 1]
        begin = bisect_right(self.starts, low[1], first, last)
        return self.things[begin : bisect_left(self.starts, high[1], begin, last)]


class Survey:
    """An article's scenes, looked over once for all of its frames.

    `forms` keeps how each firm, by its id, is told (`extractor/features/sides.py`).
    """

    def __init__(self, scenes: Sequence[Scene]) -> None:
        self._banks = _Row([(ref.start, ref.bank) for ref in scene.banks] for scene in scenes)
        self._firms = _Row([(ref.start, id(ref.firm)) for ref in scene.firms] for scene in scenes)
        self._sums = _Row([(mark.start, mark) for mark in scene.within("amount")] for scene in scenes)
        self.forms: dict[int, str] = {}
        lines = [scene.sentence.block.start for scene in scenes]
        self._line = list(accumulate((one != other for one, other in pairwise(lines)), initial=0))

    def between(self, one: Place, other: Place, own: object) -> Between:
        """What lies between two places; `own`, a bank's name or a firm's id, is not counted."""
        low, high = min(one[0], other[0]), max(one[0], other[0])
        start, end = (low, min(one[1], other[1])), (high, max(one[1], other[1]))
        banks, firms = self._banks.between(start, end), self._firms.between(start, end)
        return Between(
            _others(banks, own),
            _others(firms, own),
            len(self._sums.between(start, end)),
            self._line[high] - self._line[low],
            len(banks),
            len(firms),
        )


def _others(found: Sequence[object], own: object) -> int:
    return len({one for one in found if one != own}) if found else 0

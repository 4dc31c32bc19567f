"""Where the banks, firms, sums and lines of an article lie, to tell what lies between a name and an anchor."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from operator import ne

from extractor.scene import Scene

Place = tuple[int, int]
"""The number of a scene and a position in the page's text."""


Between = tuple[int, int, int, int, int, int]
"""How many lie between two places: other banks and other firms, each once; sums; lines; names of banks, of firms."""


class Survey:
    """An article's scenes, looked over once for all of its frames.

    `forms` keeps how each firm, by its id, is told (`extractor/features/sides.py`).
    """

    def __init__(self, scenes: Sequence[Scene]) -> None:
        banks = [ref for scene in scenes for ref in scene.banks]
        firms = [ref for scene in scenes for ref in scene.firms]
        self._bank_starts, self._banks = [ref.start for ref in banks], [ref.bank for ref in banks]
        self._firm_starts, self._firms = [ref.start for ref in firms], [id(ref.firm) for ref in firms]
        self._sums = [mark.start for scene in scenes for mark in scene.own.get("amount", ())]
        self.forms: dict[int, str] = {}
        self._scenes = [scene.sentence for scene in scenes]
        lines = [sentence.block.start for sentence in self._scenes]
        self._line = list(accumulate(map(ne, lines, lines[1:]), initial=0))

    def between(self, one: Place, other: Place, own: object) -> Between:
        """What the scenes of two places hold between these; `own`, a bank's name or a firm's id, is not counted."""
        (first, low), (last, high) = one, other
        if first > last:
            first, last = last, first
        if low > high:
            low, high = high, low
        low, high = max(low, self._scenes[first].start - 1), min(high, self._scenes[last].end)
        banks = self._banks[bisect_right(self._bank_starts, low) : bisect_left(self._bank_starts, high)]
        firms = self._firms[bisect_right(self._firm_starts, low) : bisect_left(self._firm_starts, high)]
        sums = bisect_left(self._sums, high) - bisect_right(self._sums, low)
        lines = self._line[last] - self._line[first]
        others = _others(banks, own) if banks else 0, _others(firms, own) if firms else 0
        return *others, max(sums, 0), lines, len(banks), len(firms)


def _others(found: Sequence[object], own: object) -> int:
    """How many different things, `own` not counted."""
    different = set(found)
    return len(different) - (own in different)

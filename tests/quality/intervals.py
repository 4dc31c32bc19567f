"""How far a figure may be off by the luck of the draw: articles drawn anew with replacement, many times.

Articles are drawn, not events: those of one article are right or wrong together. Sets that hold several tellings of one
event make the intervals a little too narrow. Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, §13.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from tests.quality.measure import MEASURES

DRAWS = 1000
_SEED = 20_260
_INSIDE = 0.95
_PARTS = ("right", "told", "gold")
Interval = tuple[float, float]


def intervals(counts: Sequence[Mapping[str, int]], draws: int = DRAWS) -> dict[str, Interval | None]:
    """The 95 % interval of each measure's F1 and of clean, from each article's counts; None where there is none."""
    chance = random.Random(_SEED)
    drawn = [chance.choices(range(len(counts)), k=len(counts)) for _ in range(draws)] if counts else []
    out: dict[str, Interval | None] = {}
    for name in MEASURES:
        rows = [tuple(count[f"{name} {part}"] for part in _PARTS) for count in counts]
        out[name] = _middle(
            [_f1(*(sum(column) for column in zip(*map(rows.__getitem__, d), strict=True))) for d in drawn]
        )
    empty = [(count["clean"], count["empty"]) for count in counts]
    out["clean"] = _middle([_share(*(sum(c) for c in zip(*map(empty.__getitem__, d), strict=True))) for d in drawn])
    return out


def _f1(right: int, told: int, gold: int) -> float | None:
    return 2 * right / (told + gold) if told + gold else None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _middle(values: Sequence[float | None]) -> Interval | None:
    """What the middle 95 % of the draws that told anything lie between."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    cut = int(len(known) * (1 - _INSIDE) / 2)
    return known[cut], known[-1 - cut]

"""How likely each choice of a frame is: a softmax over its lenders, its borrowers, and nothing at all.

The weights are learnt from the gold (`train/learner.py`) and stand in `data/weights.csv`; a feature that is not there
weighs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from extractor.data import numbers
from extractor.features import of_anchor, of_pair, of_unit
from extractor.frames import Frame, Unit

THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Choice:
    """A lender and a borrower of a frame, and how likely it is that the frame tells their grant."""

    lender: Unit
    borrower: Unit
    probability: float


@cache
def learnt() -> dict[str, float]:
    """The weights by feature."""
    return numbers("weights", "feature", "weight")


def reasons(frame: Frame, choice: Choice) -> frozenset[str]:
    """The features that speak for and against a choice."""
    sides = (of_unit(frame, choice.lender, "B"), of_unit(frame, choice.borrower, "F"))
    return frozenset((*of_anchor(frame), *sides[0], *sides[1], *of_pair(frame, choice.lender, choice.borrower)))


def weigh(frame: Frame, known: Mapping[str, float] | None = None) -> list[Choice]:
    """Every choice of a frame with its probability; what is missing to 1 is that it tells no grant."""
    weights = learnt() if known is None else known
    anchor = _total(of_anchor(frame), weights)
    lenders = [_total(of_unit(frame, unit, "B"), weights) for unit in frame.lenders]
    borrowers = [_total(of_unit(frame, unit, "F"), weights) for unit in frame.borrowers]
    scores = [
        (anchor + u + v + _total(of_pair(frame, lender, borrower), weights), lender, borrower)
        for u, lender in zip(lenders, frame.lenders, strict=True)
        for v, borrower in zip(borrowers, frame.borrowers, strict=True)
    ]
    top = max(0.0, *(score for score, _, _ in scores))
    whole = math.exp(-top) + sum(math.exp(score - top) for score, _, _ in scores)
    return [Choice(lender, borrower, math.exp(score - top) / whole) for score, lender, borrower in scores]


def _total(features: Iterable[str], weights: Mapping[str, float]) -> float:
    """The weights of a choice's features, exactly: the same in whatever order they come."""
    weight = weights.get
    return math.fsum([weight(name, 0.0) for name in set(features)])

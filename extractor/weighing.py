"""How likely each choice of a frame is: a softmax over its lenders, its borrowers, and nothing at all.

The weights are learnt from the gold (`train/learner.py`) and stand in `data/weights.csv`; a feature that is not there
weighs nothing.
"""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

from extractor.data import numbers
from extractor.features import Weights, names, of_anchor, of_pair, of_unit
from extractor.frames import Frame, Unit

THRESHOLD = 0.5


class Choice(NamedTuple):
    """A lender and a borrower of a frame, and how likely it is that the frame tells their grant."""

    lender: Unit
    borrower: Unit
    probability: float


@cache
def learnt() -> Weights:
    """The weights of the shipped model, and what the page's layout weighs."""
    return Weights(numbers("weights", "feature", "weight") | numbers("layout_weights", "feature", "weight"))


def reasons(frame: Frame, choice: Choice) -> frozenset[str]:
    """The features that speak for and against a choice."""
    sides = (of_unit(frame, choice.lender, "B"), of_unit(frame, choice.borrower, "F"))
    told = (of_anchor(frame), *sides, of_pair(frame, choice.lender, choice.borrower))
    return frozenset(name for telling in told for name in names(telling))


def weigh(frame: Frame, weights: Weights | None = None) -> list[Choice]:
    """Every choice of a frame with its probability; what is missing to 1 is that it tells no grant."""
    weight = (learnt() if weights is None else weights).of
    anchor = weight(of_anchor(frame))
    lenders = [(anchor + weight(of_unit(frame, unit, "B")), unit) for unit in frame.lenders]
    borrowers = [(weight(of_unit(frame, unit, "F")), unit) for unit in frame.borrowers]
    scores = [
        (u + v + weight(of_pair(frame, lender, borrower)), lender, borrower)
        for u, lender in lenders
        for v, borrower in borrowers
    ]
    top = max([0.0, *[score for score, _, _ in scores]])
    each = [(math.exp(score - top), lender, borrower) for score, lender, borrower in scores]
    whole = math.exp(-top) + sum([share for share, _, _ in each])
    return [Choice(lender, borrower, share / whole) for share, lender, borrower in each]

"""How sure a learnt model may be: one factor and one constant for all scores, by what it said of articles unseen.

A model of many features is surer of itself than it is right. Stretching its scores by one factor and adding one
constant to every choice makes what it says of unseen frames likeliest (Platt 1999 in two numbers); which choice of a
frame is the likeliest does not change, only how likely any is against nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from train.learner import ALWAYS, Example, Model

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Said:
    """A model's scores of an unseen frame's choices, and which of them are right."""

    scores: Floats
    right: npt.NDArray[np.bool_]
    nothing: bool


def said(model: Model, examples: Iterable[Example]) -> list[Said]:
    """What a model says of examples."""
    return [
        Said(
            np.array([sum(model.get(name, 0.0) for name in sorted(choice)) for choice in example.choices]),
            np.array(example.right),
            example.nothing,
        )
        for example in examples
    ]


def fitted(told: Sequence[Said]) -> tuple[float, float]:
    """The factor and the constant."""

    def loss(way: Floats) -> float:
        return sum(_surprise(one, way[0], way[1]) for one in told)

    found: Any = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead")
    return float(found.x[0]), float(found.x[1])


def _surprise(one: Said, factor: float, constant: float) -> float:
    scores = one.scores * factor + constant
    top = max(0.0, float(scores.max()))
    each, none = np.exp(scores - top), float(np.exp(-top))
    hit = float(each[one.right].sum()) + (none if one.nothing else 0.0)
    return float(np.log(each.sum() + none) - np.log(hit + 1e-300))


def applied(model: Model, way: tuple[float, float]) -> Model:
    """The model with its scores so stretched; the constant is added to what every choice has."""
    factor, constant = way
    stretched = {name: weight * factor for name, weight in model.items()}
    return stretched | {ALWAYS: stretched.get(ALWAYS, 0.0) + constant}

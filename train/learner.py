"""What the judge of frames learns from and how: the only part of training that knows features and weights.

A frame's choices (a lender with a borrower) stand against one another and against nothing at all: a conditional logit,
fitted by L-BFGS with L2, deterministic. What the gold tells is `train/labels.py`'s to say.

Articles of another kind than those that are asked (`train/corpus`) share the weights but may differ from them: each
feature has a weight for all and one for its kind (Daumé III, "Frustratingly Easy Domain Adaptation", ACL 2007); the
model is the sum of those for all and those for the gold's kind.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from extractor.assemble import chosen, drafts, event, merge
from extractor.extract import Reading
from extractor.features import Weights, names, of_anchor, of_pair, of_unit
from extractor.frames import Frame
from tests.quality.measure import Event
from train.labels import Label, labels

Model = Mapping[str, float]
MODEL = Path(__file__).resolve().parents[1] / "extractor" / "data" / "weights.csv"
_L2 = 4.0
"""The best of 1, 2 and 4 by cross-validation."""
_LIGHT = {"a:always": 0.01, "P:aligned": 0.1}
"""L2 of features that are no matter of taste: the share of frames that tell a grant, and lists in one order, which are
few and always tell one."""
_STEPS = 200
_LEAST = 3
"""Features of fewer frames are left out."""
_SMALL = 0.005
"""Weights below it are not kept."""
GOLD, FURTHER = "gold", "further"


@dataclass(frozen=True, slots=True)
class Example:
    """A frame as the learner sees it: each choice's features, which choices are right, and whether nothing is."""

    choices: tuple[frozenset[str], ...]
    right: tuple[bool, ...]
    nothing: bool
    kind: str = GOLD


def examples(reading: Reading, gold: Sequence[Event], kind: str = GOLD) -> Iterator[Example]:
    """Every frame of an article that the gold has a word on."""
    frames = list(reading.frames())
    for frame, label in zip(frames, labels(reading, frames, gold), strict=True):
        if label is not None:
            yield _example(frame, label, kind)


def _example(frame: Frame, label: Label, kind: str) -> Example:
    anchor = frozenset(names(of_anchor(frame)))
    lenders = [frozenset(names(of_unit(frame, unit, "B"))) for unit in frame.lenders]
    borrowers = [frozenset(names(of_unit(frame, unit, "F"))) for unit in frame.borrowers]
    places = [(i, j) for i in range(len(lenders)) for j in range(len(borrowers))]
    choices = tuple(
        anchor | lenders[i] | borrowers[j] | frozenset(names(of_pair(frame, frame.lenders[i], frame.borrowers[j])))
        for i, j in places
    )
    return Example(choices, tuple(place in label.right for place in places), label.nothing, kind)


def learn(data: Sequence[Example], *, l2: float = _L2, of_choices: bool = False) -> Model:
    """The weights by feature; `of_choices` says that one of the choices is always right, never nothing."""
    counts = Counter(name for example in data for name in frozenset().union(*example.choices))
    names = sorted(name for name, count in counts.items() if count >= _LEAST)
    kinds = sorted({example.kind for example in data})
    place = {name: number for number, name in enumerate(names)}
    columns, starts, frame_of, right = [], [0], [], []
    for number, example in enumerate(data):
        shift = len(names) * (1 + kinds.index(example.kind))
        for features, is_right in zip(example.choices, example.right, strict=True):
            found = sorted(place[name] for name in features if name in place)
            columns += found if len(kinds) == 1 else [*found, *(column + shift for column in found)]
            starts.append(len(columns))
            frame_of.append(number)
            right.append(is_right)
    width = len(names) * (1 if len(kinds) == 1 else 1 + len(kinds))
    matrix = csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(starts) - 1, width))
    decay = np.full(width, l2)
    for name, light in _LIGHT.items():
        if name in place:
            decay[place[name]] = light
    nothing = None if of_choices else np.array([example.nothing for example in data])
    weights = _fit(matrix, np.array(frame_of), np.array(right), nothing, decay)
    if len(kinds) > 1:
        own = len(names) * (1 + kinds.index(GOLD))
        weights = weights[: len(names)] + weights[own : own + len(names)]
    return {name: float(weight) for name, weight in zip(names, weights, strict=True) if abs(weight) >= _SMALL}


Floats = npt.NDArray[np.float64]


def _fit(
    matrix: csr_matrix,
    frame_of: npt.NDArray[np.int64],
    right: npt.NDArray[np.bool_],
    nothing: npt.NDArray[np.bool_] | None,
    decay: Floats,
) -> Floats:
    """The weights that make what is right likeliest: of each frame its right choices together, and nothing if it is.

    With None for `nothing` one of the choices has to be made.
    """
    starts = np.r_[0, np.flatnonzero(np.diff(frame_of)) + 1]
    turned = matrix.T.tocsr()

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = matrix @ weights
        top = np.maximum.reduceat(scores, starts)
        top = top if nothing is None else np.maximum(top, 0)
        each = np.exp(scores - top[frame_of])
        none = 0.0 if nothing is None else np.exp(-top)
        whole = np.add.reduceat(each, starts) + none
        good = np.where(right, each, 0)
        told = np.add.reduceat(good, starts) + (0 if nothing is None else np.where(nothing, none, 0)) + 1e-300
        slope = each / whole[frame_of] - good / told[frame_of]
        value = float((np.log(whole) - np.log(told)).sum() + 0.5 * (decay * weights * weights).sum())
        return value, turned @ slope + decay * weights

    found: Any = minimize(loss, np.zeros(matrix.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    return np.asarray(found.x, dtype=np.float64)


def predict(reading: Reading, model: Model, instruments: Model | None = None) -> list[dict[str, Any]]:
    """An article's events under a model and one of `instruments`, with the gold's keys and their confidence."""
    if reading.marks is None:
        return []
    found = merge(drafts(chosen(reading.frames(), Weights(model)), instruments))
    return [event(draft, reading.page.folded).as_gold() for draft in found]


def reach(reading: Reading) -> list[dict[str, Any]]:
    """Every bank and firm that a frame may tie: what no model can go beyond."""
    return [
        {"bank": bank.bank, "firm": reading.name(firm.firm)}
        for frame in reading.frames()
        for lender in frame.lenders
        for bank in lender.refs
        for borrower in frame.borrowers
        for firm in borrower.refs
        if firm.firm is not None
    ]


def save(model: Model, path: Path = MODEL) -> None:
    """Write the model where the engine reads it."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("feature", "weight"))
        writer.writerows((name, f"{weight:.3f}") for name, weight in sorted(model.items()))

"""What the judge of frames learns from and how: the only part of training that knows features and weights.

A frame's choices (a lender with a borrower) stand against one another and against nothing at all: a conditional logit,
fitted by L-BFGS with L2, deterministic. What the gold tells is `train/labels.py`'s to say.

Articles of another kind than those that are asked (`train/corpus`) share the weights but may differ from them: each
feature has a weight for all and one for its kind (Daumé III, "Frustratingly Easy Domain Adaptation", ACL 2007); the
model is the sum of those for all and those for the gold's kind.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
_L2, _L2_WORDS = 16.0, 4.0
"""Of features without words, and of those with words: the best of some pairs by held-out likelihood."""
_WORD = re.compile(r"[一-龥]")
ALWAYS = "a:always"
"""The feature that every choice has."""
_LIGHT = {ALWAYS: 0.01, "P:aligned": 0.1}
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


def learn(data: Sequence[Example], *, l2: float | None = None, of_choices: bool = False) -> Model:
    """The weights by feature; `of_choices` says that one of the choices is always right, never nothing.

    `l2` holds all weights alike; without it words and the rest have their own.
    """
    counts = Counter(name for example in data for name in frozenset().union(*example.choices))
    names = sorted(name for name, count in counts.items() if count >= _LEAST)
    kinds = sorted({example.kind for example in data})
    copies = 1 if len(kinds) == 1 else 1 + len(kinds)
    decay = np.tile([_decay(name) if l2 is None else l2 for name in names], copies)
    for place, name in enumerate(names):
        decay[place] = _LIGHT.get(name, decay[place])
    weights = _fit(_Told.of(data, names, kinds), decay, may_be_nothing=not of_choices)
    if copies > 1:
        own = len(names) * (1 + kinds.index(GOLD))
        weights = weights[: len(names)] + weights[own : own + len(names)]
    return {name: float(weight) for name, weight in zip(names, weights, strict=True) if abs(weight) >= _SMALL}


def _decay(name: str) -> float:
    return _L2_WORDS if _WORD.search(name) else _L2


Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Told:
    """Examples as matrices over features: `shared` has a row for each frame, of what all of its choices have, `own` one
    for each choice, of the rest. `frame` is each choice's frame, `starts` each frame's first choice.
    """

    shared: csr_matrix
    own: csr_matrix
    frame: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    right: npt.NDArray[np.bool_]
    nothing: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, data: Sequence[Example], names: Sequence[str], kinds: Sequence[str]) -> _Told:
        """The matrices, with a block of columns for all and one for each kind where there are several."""
        place = {name: number for number, name in enumerate(names)}
        width = len(names) * (1 if len(kinds) == 1 else 1 + len(kinds))

        def columns(features: Iterable[str], kind: str) -> list[int]:
            found = sorted(place[name] for name in features if name in place)
            shift = len(names) * (1 + kinds.index(kind))
            return found if len(kinds) == 1 else [*found, *(column + shift for column in found)]

        shared = [(frozenset.intersection(*example.choices), example) for example in data]
        own = [(choice - common, example.kind) for common, example in shared for choice in example.choices]
        counts = [len(example.choices) for example in data]
        return cls(
            _matrix([columns(common, example.kind) for common, example in shared], width),
            _matrix([columns(features, kind) for features, kind in own], width),
            np.repeat(np.arange(len(data)), counts),
            np.r_[0, np.cumsum(counts)[:-1]],
            np.array([is_right for example in data for is_right in example.right]),
            np.array([example.nothing for example in data]),
        )


def _matrix(rows: Sequence[Sequence[int]], width: int) -> csr_matrix:
    starts = np.r_[0, np.cumsum([len(row) for row in rows])]
    columns = [column for row in rows for column in row]
    return csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(rows), width))


def _fit(told: _Told, decay: Floats, *, may_be_nothing: bool) -> Floats:
    """The weights that make what is right likeliest: of each frame its right choices together, and nothing if it is."""
    shared, own = told.shared.T.tocsr(), told.own.T.tocsr()
    none_told = np.where(told.nothing, 1.0, 0.0)

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = (told.shared @ weights)[told.frame] + told.own @ weights
        top = np.maximum.reduceat(scores, told.starts)
        top = np.maximum(top, 0) if may_be_nothing else top
        each = np.exp(scores - top[told.frame])
        none = np.exp(-top) if may_be_nothing else np.zeros_like(top)
        whole = np.add.reduceat(each, told.starts) + none
        good = np.where(told.right, each, 0)
        hit = np.add.reduceat(good, told.starts) + none_told * none + 1e-300
        slope = each / whole[told.frame] - good / hit[told.frame]
        value = float((np.log(whole) - np.log(hit)).sum() + 0.5 * (decay * weights * weights).sum())
        return value, shared @ np.add.reduceat(slope, told.starts) + own @ slope + decay * weights

    found: Any = minimize(loss, np.zeros(len(decay)), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
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

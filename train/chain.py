"""A linear-chain CRF with partly told labels, in numpy: the labels outside, first, inside, last of a name.

Outside scores nothing, so that a name's odds are its own characters' scores (what `extractor.tagger.decode` sums).
A character may be told to be of several labels: then all its ways count (marginal likelihood).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

OUTSIDE, FIRST, INSIDE, LAST = range(4)
ANY = (True, True, True, True)

_STEPS = (
    (OUTSIDE, OUTSIDE),
    (OUTSIDE, FIRST),
    (FIRST, INSIDE),
    (FIRST, LAST),
    (INSIDE, INSIDE),
    (INSIDE, LAST),
    (LAST, OUTSIDE),
    (LAST, FIRST),
)
_LINKS = {(FIRST, LAST): 0, (FIRST, INSIDE): 1, (INSIDE, INSIDE): 2, (OUTSIDE, FIRST): 3, (LAST, FIRST): 3}
"""Which of the four link weights a step takes (`decode.Links`: short, long, inner, name)."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Batch:
    """Pieces of text of like length: rows of the feature matrix (pieces, longest), -1 past the end, and labels allowed.

    `empty` says that no piece of the batch holds a name, so that its told labels weigh nothing.
    """

    rows: npt.NDArray[np.int64]
    empty: bool
    allowed: npt.NDArray[np.bool_]
    weight: Floats


def fit(matrix: csr_matrix, batches: Sequence[Batch], *, l2: float, steps: int) -> tuple[Floats, Floats]:
    """The weights (features, 3) and links (4) that make the told labels likeliest; deterministic (L-BFGS from zero)."""
    width = matrix.shape[1]
    matrix = matrix.astype(np.float32)
    turned = matrix.T.tocsr()

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights, links = flat[4:].reshape(width, 3), flat[:4]
        scores = (matrix @ weights.astype(np.float32)).astype(np.float64)
        total, by_score, by_link = 0.0, np.zeros_like(scores), np.zeros(4)
        for batch in batches:
            value, ds, dl = _batch(scores, links, batch)
            total += value
            kept = batch.rows >= 0
            by_score[batch.rows[kept]] += ds[kept]
            by_link += dl
        gradient = np.concatenate([by_link, np.asarray(turned @ by_score.astype(np.float32), dtype=np.float64).ravel()])
        return total + 0.5 * l2 * float(flat @ flat), gradient + l2 * flat

    found: Any = minimize(
        loss, np.zeros(4 + 3 * width), jac=True, method="L-BFGS-B", options={"maxiter": steps, "maxcor": 6}
    )
    return found.x[4:].reshape(width, 3), found.x[:4]


def _batch(scores: Floats, links: Floats, batch: Batch) -> tuple[float, Floats, Floats]:
    """Minus the log likelihood of a batch, and its slope by score and by link."""
    count, length = batch.rows.shape
    emit = np.zeros((count, length, 4))
    emit[:, :, 1:] = scores[np.maximum(batch.rows, 0)]
    past = batch.rows < 0
    emit[past] = 0
    free = np.ones((count, length, 4), dtype=bool)
    free[past] = (True, False, False, False)
    step = np.zeros((4, 4))
    for pair in _STEPS:
        step[pair] = np.exp(links[_LINKS[pair]]) if pair in _LINKS else 1.0
    all_z, all_s, all_l = _sums(emit, free, step)
    w = batch.weight
    told_z, told_s, told_l = (
        (np.zeros(count), np.zeros((1, 1, 4)), np.zeros((1, 4, 4)))
        if batch.empty
        else _sums(emit, free & batch.allowed, step)
    )
    by_link = np.zeros(4)
    difference = ((all_l - told_l) * w[:, None, None]).sum(0)
    for pair, k in _LINKS.items():
        by_link[k] += difference[pair]
    return float(((all_z - told_z) * w).sum()), ((all_s - told_s) * w[:, None, None])[:, :, 1:], by_link


def _sums(emit: Floats, free: npt.NDArray[np.bool_], step: Floats) -> tuple[Floats, Floats, Floats]:
    """Log of all ways' weights, each label's probability at each place, each step's expected count."""
    top = emit.max(axis=2, keepdims=True)
    e = np.exp(emit - top) * free
    count, length, _ = e.shape
    a, scale = np.empty_like(e), np.empty((count, length))
    start = np.array([1.0, step[OUTSIDE, FIRST], 0.0, 0.0])
    a[:, 0] = e[:, 0] * start
    for t in range(length):
        if t:
            a[:, t] = (a[:, t - 1] @ step) * e[:, t]
        scale[:, t] = a[:, t].sum(1)
        a[:, t] /= scale[:, t, None]
    b = np.empty_like(e)
    b[:, -1] = (1.0, 0.0, 0.0, 1.0)
    closing = (a[:, -1] * b[:, -1]).sum(1)
    b[:, -1] /= closing[:, None]
    counts = np.zeros((count, 4, 4))
    for t in range(length - 1, 0, -1):
        right = e[:, t] * b[:, t] / scale[:, t, None]
        counts += a[:, t - 1, :, None] * step * right[:, None, :]
        b[:, t - 1] = right @ step.T
    labels = a * b
    counts[:, OUTSIDE, FIRST] += labels[:, 0, FIRST]
    return np.log(scale).sum(1) + top[:, :, 0].sum(1) + np.log(closing), labels, counts

"""Logistic regression, small and deterministic."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Floats = npt.NDArray[np.float64]


def logistic(rows: Floats, truth: Floats, *, l2: float) -> Floats:
    """The weights that make `truth` (0 or 1) likeliest; the first column, the constant, is not held small."""
    held = np.full(rows.shape[1], l2)
    held[0] = 0.0

    def loss(weights: Floats) -> tuple[float, Floats]:
        z = rows @ weights
        told = 1.0 / (1.0 + np.exp(-z))
        value = np.logaddexp(0.0, -z * (2 * truth - 1)).sum() + 0.5 * float(held @ weights**2)
        return float(value), rows.T @ (told - truth) + held * weights

    found: Any = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return np.asarray(found.x)

"""A model that says too much of itself is held to what it was right about."""

from __future__ import annotations

import math

import numpy as np
import pytest

from train.learner import ALWAYS, Example
from train.sureness import Said, applied, fitted, said


def test_a_model_that_is_right_three_times_in_four_is_told_so() -> None:
    sure = [Said(np.array([9.0]), np.array([turn % 4 != 0]), turn % 4 == 0) for turn in range(40)]
    factor, constant = fitted(sure)
    assert 1 / (1 + math.exp(-(9.0 * factor + constant))) == pytest.approx(0.75, abs=0.01)


def test_what_is_stretched_are_the_weights_and_the_constant_goes_to_what_every_choice_has() -> None:
    model = {ALWAYS: 1.0, "a:kind=amount": 2.0}
    example = Example((frozenset(model), frozenset({ALWAYS})), (True, False), nothing=False)
    (plain,), (stretched,) = said(model, [example]), said(applied(model, (0.5, 0.25)), [example])
    assert list(plain.scores) == [3.0, 1.0]
    assert list(stretched.scores) == [0.5 * 3.0 + 0.25, 0.5 * 1.0 + 0.25]

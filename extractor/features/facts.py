"""Facts, of which features are made: a fact is what tells it (a function) and a few small values.

`(_ranked, "B", "0a", "amount", 2, 4)` stands for the features that `_ranked("B", "0a", "amount", 2, 4)` names. The
same facts come back in frame after frame, so their weights are summed once: an article is weighed with hardly a name
made, while training and explanations read the names of the very same facts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Fact = tuple[Any, ...]
"""A function that yields features' names, then its arguments, all hashable."""
_KEPT = 40_000
"""Sums kept, some 10 MB; an article of a thousand characters asks for some two hundred new ones."""


def names(facts: Iterable[Fact]) -> Iterator[str]:
    """The features of facts."""
    for tell, *values in facts:
        yield from tell(*values)


class Weights(dict[Fact, float]):
    """The weight of each fact: the sum of its features' weights; a feature that is not known weighs nothing."""

    def __init__(self, known: Mapping[str, float]) -> None:
        super().__init__()
        self.known = known

    def __missing__(self, fact: Fact) -> float:
        weight = math.fsum(self.known.get(name, 0.0) for name in set(names((fact,))))
        if len(self) >= _KEPT:
            self.clear()
        self[fact] = weight
        return weight

    def of(self, facts: Iterable[Fact]) -> float:
        """The weight of facts together."""
        return sum(map(self.__getitem__, facts))

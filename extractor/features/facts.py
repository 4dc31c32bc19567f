"""Facts, of which features are made: a fact is what tells it (a function) and a few small values.

`(_ranked, "B", "0a", "amount", 2, 4)` stands for the features that `_ranked("B", "0a", "amount", 2, 4)` names. The
same facts come back in frame after frame, so their weights are summed once: an article is weighed with hardly a name
made, while training and explanations read the names of the very same facts.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

Fact = tuple[Any, ...]
"""A function that names features, each once, then its arguments, all hashable."""
_KEPT = 40_000
"""Sums kept, some 10 MB; an article of a thousand characters asks for about a hundred that were not met before."""


class Told:
    """Facts that many frames ask for, with what they weigh together."""

    __slots__ = ("_weighed", "facts")

    def __init__(self, facts: Sequence[Fact]) -> None:
        self.facts = facts
        self._weighed: tuple[Weights, float] | None = None

    def weight(self, weights: Weights) -> float:
        """What they weigh, summed once."""
        weighed = self._weighed
        if weighed is None or weighed[0] is not weights:
            weighed = self._weighed = weights, sum(map(weights.__getitem__, self.facts))
        return weighed[1]


Telling = tuple[Sequence[Fact], Sequence[Told]]
"""All that is told of something: facts for this frame, and those that are kept for others too."""


def names(telling: Telling) -> Iterator[str]:
    """The features of all facts."""
    own, kept = telling
    for facts in (own, *(told.facts for told in kept)):
        for tell, *values in facts:
            yield from tell(*values)


class Weights(dict[Fact, float]):
    """The weight of each fact: the sum of its features' weights; a feature that is not known weighs nothing."""

    def __init__(self, known: Mapping[str, float]) -> None:
        super().__init__()
        self.known = known

    def __missing__(self, fact: Fact) -> float:
        weight = math.fsum(map(self.known.get, fact[0](*fact[1:]), repeat(0.0)))
        if len(self) >= _KEPT:
            self.clear()
        self[fact] = weight
        return weight

    def of(self, telling: Telling) -> float:
        """The weight of all facts together."""
        own, kept = telling
        weight = sum(map(self.__getitem__, own))
        for told in kept:
            weight += told.weight(self)
        return weight

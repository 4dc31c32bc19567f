"""Which candidates are firms' names: a logistic sum of the evidence, then the likeliest of those that overlap.

The weights are in `data/name_weights.csv`, learnt by `train/names_judge.py`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from operator import attrgetter

from extractor.candidates import Candidate
from extractor.data import numbers, words
from extractor.evidence import Facts
from extractor.recognisers import Mark
from extractor.recognisers.base import BrandHit
from extractor.remembered import remembered

_SLOT = "brand:slotted"
_START = attrgetter("start")

THRESHOLD = 0.1
"""For a name that a rule proposes: what is doubtful is left to the judge of frames."""

GUESSED = 0.6
"""For one that the tagger or a list alone proposes."""

SLOTTED = 0.05
"""For one between a bank's 向 and a granting verb: whatever stands there is likely who borrows."""


_NEVER = math.inf


def chosen(
    candidates: Sequence[Candidate], facts: Sequence[Facts], weights: Mapping[str, float] | None = None
) -> list[Mark]:
    """The marks of the likeliest candidates, without overlaps, in order."""
    weighed = [(-probability(told, weights), c.start, c.end, c) for c, told in zip(candidates, facts, strict=True)]
    likely = [(sure, start, end, c) for sure, start, end, c in weighed if -sure >= SLOTTED]  # the least of all limits
    taken: set[int] = set()
    kept: list[Mark] = []
    for sure, start, end, c in sorted(likely):
        span = range(start, end)
        if -sure >= _least(c) and taken.isdisjoint(span):
            taken.update(span)
            kept.append(_mark(c, -sure))
    return sorted(kept, key=_START)


def _least(c: Candidate) -> float:
    if c.text.endswith(words("no_firm_ends")) and all(mark.kind == "brand" for mark in c.marks):
        return _NEVER
    if _SLOT in c.sources:
        return SLOTTED
    return THRESHOLD if c.is_told else GUESSED


def probability(facts: Facts, weights: Mapping[str, float] | None = None) -> float:
    """How probably a candidate is a firm's name, by the shipped weights or others."""
    total = sum(map(_shipped_sum, facts) if weights is None else (_sum(group, weights) for group in facts))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@remembered(50_000)
def _shipped_sum(group: tuple[str, ...]) -> float:
    """What a group of facts weighs: most groups come again with the next name or the next article."""
    return _sum(group, shipped())


def _sum(group: tuple[str, ...], weights: Mapping[str, float]) -> float:
    return sum([weights.get(fact, 0.0) for fact in group])


@cache
def shipped() -> dict[str, float]:
    """The weights that come with the extractor."""
    return numbers("name_weights", "fact", "weight")


def _mark(c: Candidate, sure: float) -> Mark:
    told = c.best()
    if told is None:
        return Mark("brand", c.start, c.end, BrandHit("tagged"), sure)
    return Mark(told.kind, c.start, c.end, told.value, sure)

"""From scores of characters to spans: odds of every possible span by running sums, then exact sums over overlaps.

The model is a linear chain (outside, first, inside, last); since outside has score 0 everywhere, a span's odds are
its characters' scores summed, and spans that do not overlap do not know of each other. No loop over characters.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

LONGEST = 32
"""The longest name looked for; the longest in the gold has 18 characters, full legal names seldom have more than 25."""

FAINTEST = 0.02
"""Spans less probable than this are not told: no later stage looks at them."""

_FAINT = -4.0
"""Log odds below which a span is not weighed: its probability is under 0.02, whatever overlaps it."""

NEVER = -1e4
"""The score of a character that no name holds."""

_MOST = 4000  # spans of one lot that are weighed; an article of 1,000 characters has some 200
_SURE = 20.0
_NO_FIRST = -10.0
_SIZES = np.arange(1, LONGEST)  # how far the last character is from the first
_NOTHING = np.full(LONGEST, -math.inf)

Odds = tuple[int, int, float]
"""Where a span starts and ends, and its odds against all ways in which nothing that overlaps it is a name."""


class Span(NamedTuple):
    """A firm's name in a sentence: `sentence[start:end]`; `score` is the model's probability, 0 to 1."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Links:
    """What the chain adds for a name of two characters, for one of more, for each inner character, and for any name."""

    short: float
    long: float
    inner: float
    name: float


def candidates(scores: npt.NDArray[np.float64], links: Links) -> list[Odds]:
    """Start, end and odds of all spans with odds above a faint floor, by their start.

    `scores` is (characters, 3): first, inside, last, against outside.
    """
    first, inner, last = scores.T
    sums = np.zeros(len(inner) + 1)
    (inner + links.inner).cumsum(out=sums[1:])
    # a span's odds are what its first character opens with, what its last one closes with, and a link by its size
    opens, closes = first - sums[1:] + links.name, np.concatenate((sums[:-1] + last, _NOTHING))
    size, most = _by_size(links)
    begins = ((first > _NO_FIRST) & (opens + _best_ahead(closes) + most > _FAINT)).nonzero()[0]
    odds = opens[begins, None] + closes.take(begins[:, None] + _SIZES) + size
    rows, columns = (odds > _FAINT).nonzero()
    told = odds[rows, columns]
    if len(told) > _MOST:
        kept = np.sort(np.argsort(-told, kind="stable")[:_MOST])
        rows, columns, told = rows[kept], columns[kept], told[kept]
    starts, weights = begins[rows], np.exp(np.minimum(told, _SURE))
    return list(zip(starts.tolist(), (starts + columns + 2).tolist(), weights.tolist(), strict=True))


@cache
def _by_size(links: Links) -> tuple[npt.NDArray[Any], float]:
    """What a name of each size has for a link, and the best of it."""
    size = np.where(_SIZES == 1, links.short, links.long - links.inner)
    return size, float(size.max())


def _best_ahead(closes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """For each character the best of what the next LONGEST - 1 close with: windows of 2, 4, 8, 16 in turn."""
    best = closes[1:]
    for width in (1, 2, 4, 8):
        best = np.maximum(best[:-width], best[width:])
    rest = LONGEST - 1 - 16
    size = len(closes) - len(_NOTHING)
    return np.maximum(best[:size], best[rest : rest + size])


def probable(spans: Sequence[Odds]) -> list[Span]:
    """The spans that are not too faint with their probabilities: each against all that overlap it, also by others."""
    found: list[Span] = []
    size = spans[-1][0] + LONGEST + 1 if spans else 0
    ending, behind = [0.0] * size, [1.0] * size
    for group, end in _clusters(spans):
        if len(group) > 1:
            found += _weigh(group, end, ending, behind)
        else:
            start, stop, weight = group[0]
            ways = 1.0 + weight
            if weight >= FAINTEST * ways:
                found.append(Span(start, stop, weight / ways))
    return found


def best(spans: Sequence[Span], threshold: float) -> list[Span]:
    """The most probable spans that do not overlap, in order, none below the threshold."""
    likely = [span for span in spans if span.score >= threshold]
    if len(likely) < 2:
        return likely
    chosen: list[Span] = []
    taken: set[int] = set()
    for span in sorted(likely, key=lambda s: (-s.score, s.start)):
        if taken.isdisjoint(range(span.start, span.end)):
            chosen.append(span)
            taken.update(range(span.start, span.end))
    return sorted(chosen)


def _clusters(spans: Sequence[Odds]) -> Iterator[tuple[Sequence[Odds], int]]:
    """The spans, those together that overlap, directly or through others, and where each lot of them ends."""
    first = reach = 0
    for index, (start, end, _) in enumerate(spans):
        if start >= reach:
            if first < index:
                yield spans[first:index], reach
            first, reach = index, end
        elif end > reach:
            reach = end
    if spans:
        yield spans[first:], reach


def _weigh(group: Sequence[Odds], end: int, ending: list[float], behind: list[float]) -> list[Span]:
    """Forward and backward sums over the ways to choose spans of a group, which ends at `end`, without overlap.

    `ending` (zeros) and `behind` (ones) are a number for each character, for all groups in order.
    """
    before, ways = _forward(group, end, ending)
    if math.isinf(ways):
        return [Span(start, stop, weight / (1 + weight)) for start, stop, weight in group]
    at, least = end, FAINTEST * ways
    found = []
    here = 1.0  # the weight of all ways behind `at`
    for (start, stop, weight), forward in zip(reversed(group), reversed(before), strict=True):
        if at > start:
            behind[start:at] = [here] * (at - start)
            at = start
        told = weight * behind[stop]
        behind[at] = here = here + told
        if forward * told >= least:
            found.append(Span(start, stop, forward * told / ways))
    return found[::-1]


def _forward(group: Sequence[Odds], end: int, ending: list[float]) -> tuple[list[float], float]:
    """The weight of all ways to choose spans that end before each span begins, and of all ways."""
    before = []
    at, ways = group[0][0], 1.0
    for start, stop, weight in group:
        while at < start:
            at += 1
            ways += ending[at]
        before.append(ways)
        ending[stop] += weight * ways
    return before, ways + sum(ending[at + 1 : end + 1])


__all__ = ["NEVER", "Links", "Span", "best", "candidates", "probable"]

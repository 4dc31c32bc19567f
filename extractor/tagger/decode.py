"""From scores of characters to spans: odds of every possible span by running sums, then exact sums over overlaps.

The model is a linear chain (outside, first, inside, last); since outside has score 0 everywhere, a span's odds are
its characters' scores summed, and spans that do not overlap do not know of each other. No loop over characters.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

LONGEST = 32
"""The longest name looked for; the longest in the gold has 18 characters, full legal names seldom have more than 25."""

_FAINT = -4.0
"""Log odds below which a span is not weighed: a probability under 0.02, which no later stage looks at."""

_MOST = 4000  # spans of one lot that are weighed; an article of 1,000 characters has some 200
_SURE = 20.0
_NO_FIRST = -10.0
_SHUT = -1e4


@dataclass(frozen=True, slots=True)
class Span:
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


def candidates(scores: npt.NDArray[np.float64], shut: npt.NDArray[np.bool_], links: Links) -> list[Span]:
    """All spans with odds above a faint floor, by their start, `score` their log odds.

    `scores` is (characters, 3): first, inside, last, against outside; no span holds a character that is `shut`.
    """
    first, inner, last = (scores[:, k] for k in range(3))
    inner = np.where(shut, _SHUT, inner)
    first, last = np.where(shut, _SHUT, first), np.where(shut, _SHUT, last)
    begins = np.flatnonzero(first > _NO_FIRST)
    if not len(begins):
        return []
    sums = np.concatenate([[0.0], np.cumsum(inner + links.inner)])
    size = np.arange(1, LONGEST)
    ends = begins[:, None] + size
    far = ends >= len(first)
    ends = np.minimum(ends, len(first) - 1)
    odds = first[begins][:, None] + (sums[ends] - sums[begins + 1][:, None]) + last[ends] + links.name
    odds += np.where(size == 1, links.short, links.long - links.inner)
    odds[far] = _SHUT
    rows, columns = np.nonzero(odds > _FAINT)
    if len(rows) > _MOST:
        kept = np.sort(np.argsort(-odds[rows, columns], kind="stable")[:_MOST])
        rows, columns = rows[kept], columns[kept]
    found = zip(begins[rows].tolist(), ends[rows, columns].tolist(), odds[rows, columns].tolist(), strict=True)
    return [Span(start, end + 1, score) for start, end, score in found]


def probable(spans: Sequence[Span]) -> list[Span]:
    """The same spans with their probabilities: each against all that overlap it, directly or through others."""
    return [span for group in _clusters(spans) for span in (_weigh(group) if len(group) > 1 else _lone(group[0]))]


def best(spans: Sequence[Span], threshold: float) -> list[Span]:
    """The most probable spans that do not overlap, in order, none below the threshold."""
    chosen: list[Span] = []
    taken: set[int] = set()
    for span in sorted(spans, key=lambda s: (-s.score, s.start)):
        if span.score >= threshold and taken.isdisjoint(range(span.start, span.end)):
            chosen.append(span)
            taken.update(range(span.start, span.end))
    return sorted(chosen, key=lambda s: s.start)


def _clusters(spans: Sequence[Span]) -> Iterator[list[Span]]:
    group: list[Span] = []
    reach = -1
    for span in spans:
        if group and span.start >= reach:
            yield group
            group = []
        group.append(span)
        reach = max(reach, span.end) if len(group) > 1 else span.end
    if group:
        yield group


def _lone(span: Span) -> Iterator[Span]:
    yield Span(span.start, span.end, 1 / (1 + math.exp(-span.score)))


def _weigh(group: list[Span]) -> Iterator[Span]:
    """Forward and backward sums over the ways to choose spans of a group without overlap."""
    marks = sorted({at for span in group for at in (span.start, span.end)})
    place = {at: k for k, at in enumerate(marks)}
    weights = [math.exp(min(span.score, _SURE)) for span in group]
    forward, backward = [1.0] + [0.0] * (len(marks) - 1), [0.0] * (len(marks) - 1) + [1.0]
    ending: dict[int, list[int]] = {}
    starting: dict[int, list[int]] = {}
    for k, span in enumerate(group):
        ending.setdefault(place[span.end], []).append(k)
        starting.setdefault(place[span.start], []).append(k)
    for k in range(1, len(marks)):
        forward[k] = forward[k - 1] + sum(weights[n] * forward[place[group[n].start]] for n in ending.get(k, ()))
    for k in range(len(marks) - 2, -1, -1):
        backward[k] = backward[k + 1] + sum(weights[n] * backward[place[group[n].end]] for n in starting.get(k, ()))
    if math.isinf(forward[-1]):
        yield from (span for lone in group for span in _lone(lone))
        return
    for n, span in enumerate(group):
        told = forward[place[span.start]] * weights[n] * backward[place[span.end]] / forward[-1]
        yield Span(span.start, span.end, told)


__all__ = ["Links", "Span", "best", "candidates", "probable"]

"""The second look: a string's every place in the article, the strings around it, and what it is made of.

The first look weighs one place; 飞行汽车 told ten times and doubted nine is no firm, 峰飞 beside 峰飞航空 is one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from extractor.data import table, words
from extractor.jieba_words import is_word, tagged
from extractor.tagger.decode import FAINTEST, Span
from extractor.tagger.hints import DocumentHints

_LEGAL = ("公司", "合伙企业", "合伙)")
_GLUE = frozenset("在向为给与和对由从曾要将同跟使让被把是到以于及至像比去来商")
_BANK = ("行", "金租", "金融租赁股份有限公司", "银行股份有限公司")
_MOST = 200  # different strings that each one is compared with, the likeliest
_GOES_ON = frozenset("区城镇县市局部委院所业类型化性板圈链")


class Place(NamedTuple):
    """A span of one sentence of an article, and its string."""

    sentence: int
    span: Span
    text: str


def places(sentences: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Place]:
    """The spans worth a second look, in order."""
    return [
        Place(number, span, sentences[number][span.start : span.end])
        for number, found in enumerate(spans)
        for span in found
        if span.score >= FAINTEST
    ]


def evidence(sentences: Sequence[str], found: Sequence[Place], document: DocumentHints) -> npt.NDArray[np.float64]:
    """What speaks for and against each place: an array (places, `WIDTH`)."""
    if not found:
        return np.zeros((0, WIDTH))
    scores: dict[str, list[float]] = {}
    for place in found:
        scores.setdefault(place.text, []).append(place.span.score)
    lot = "\n".join(sentences)
    told = {name: _Told.of(marked, lot.count(name)) for name, marked in scores.items()}
    further = {name: document.text.count(name) > told[name].others + 1 for name in scores}
    kin = _kin(scores)
    rows = [
        [
            *_alone(place.span.score, len(place.text)),
            *_made_of(place.text),
            *_around(sentences[place.sentence], place.span),
            *_elsewhere(place.span.score, told[place.text], further[place.text]),
            *kin[place.text],
            rival,
        ]
        for place, rival in zip(found, _rivals(found), strict=True)
    ]
    return _logged(np.fromiter(chain.from_iterable(rows), np.float64, len(rows) * WIDTH).reshape(-1, WIDTH))


def _logged(rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The rows with log odds, between -6 and 6, for scores; a score of 0 counts as never seen."""
    scores = rows[:, _SCORES]
    odds = np.log(np.maximum(scores, 1e-6) / np.maximum(1.0 - scores, 1e-6))
    rows[:, _SCORES] = np.minimum(np.maximum(odds, -6.0), 6.0)
    rows[:, _BY_SIZE] *= rows[:, _SCORES[:1]]
    rows[:, _OTHERS] *= rows[:, _OTHERS.start - 1 : _OTHERS.start]
    return rows


def _alone(score: float, size: int) -> tuple[float, ...]:
    """A constant, the score, and its size: two, three, four, five to seven, eight or more, three or less."""
    return 1.0, score, size == 2, size == 3, size == 4, 5 <= size <= 7, size >= 8, size <= 3


@cache
def _endings() -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(words("firm_suffixes")), tuple(words("firm_suffixes_weak"))


@lru_cache(maxsize=20_000)
def _made_of(name: str) -> tuple[float, ...]:
    parts = tagged(name)
    everyday = [
        len(word) >= 2 and tag[0] in "nvadlibtz" and tag not in _NAMELY and is_word(word) for word, tag in parts
    ]
    places = table("places", "name", "kind")
    strong, weak = _endings()
    return (
        float(name.endswith(_LEGAL)),
        float(name.endswith(strong)),
        float(name.endswith(weak)),
        float(name.isascii()),
        float(len(parts) == 1 and everyday[0]),
        float(all(everyday) and len(parts) > 1),
        sum(everyday) / len(everyday),
        float(parts[0][0] in places),
        float(name in places),
        float(name[0] in _GLUE),
        float(name.endswith(_BANK)),
        float("某" in name),
        float(any(tag == "nr" for _, tag in parts) and len(name) <= 3),
    )


_NAMELY = ("nz", "nr", "nt", "nrt", "ns", "nrfg")


def _around(sentence: str, span: Span) -> tuple[float, ...]:
    before, after = sentence[span.start - 1 : span.start], sentence[span.end : span.end + 1]
    return after in _GOES_ON, before in _GLUE, before == "、", after == "、"


def _elsewhere(score: float, told: _Told, further: bool) -> tuple[float, ...]:
    """What the other places of a string say; `further`: the article tells it outside these sentences too."""
    rest = (told.total - score) / told.others if told.others else 0.0
    top = told.best if told.best != score else told.next_best
    if not top and told.repeated:
        top = score
    return told.others > 0, rest, top, math.log(1 + told.others), further


class _Told(NamedTuple):
    """All places of a string together: the sum of their scores, the two best, and how many places but one.

    `repeated` says that more than one has a score.
    """

    total: float
    best: float
    next_best: float
    others: int
    repeated: bool

    @classmethod
    def of(cls, scores: Sequence[float], count: int) -> _Told:
        if len(scores) == 1:
            return cls(scores[0], scores[0], 0.0, max(count, 1) - 1, False)
        first, second, *_ = [*sorted(set(scores), reverse=True), 0.0, 0.0]
        return cls(sum(scores), first, second, max(count, len(scores)) - 1, len(scores) > 1)


def _kin(scores: dict[str, list[float]]) -> dict[str, list[float]]:
    """For each string the best score of a longer one that holds it, and of a shorter one that it holds."""
    best = {name: max(told) for name, told in scores.items()}
    names = sorted(best, key=lambda n: (-best[n], n))[:_MOST]
    legal = [name for name in names if name.endswith(_LEGAL)]
    every = "\n".join(best)
    inner = {name for name in best if every.count(name) > 1}  # told once in all of them, it is in none but itself
    held = [name for name in names if name in inner]
    return {
        name: [
            next((best[o] for o in names if name in o and o != name), 0.0) if name in inner else 0.0,
            next((best[o] for o in held if o in name and o != name), 0.0),
            next((best[o] for o in legal if o[:2] == name[:2] and o != name), 0.0),
        ]
        for name in scores
    }


def _rivals(found: Sequence[Place]) -> list[float]:
    """The best score of another span that overlaps each place."""
    rivals = [0.0] * len(found)
    for k, place in enumerate(found):
        for n in range(k + 1, len(found)):
            other = found[n]
            if other.sentence != place.sentence or other.span.start >= place.span.end:
                break
            rivals[k] = max(rivals[k], other.span.score)
            rivals[n] = max(rivals[n], place.span.score)
    return rivals


WIDTH = 8 + 13 + 4 + 5 + 3 + 1
_BY_SIZE, _OTHERS = slice(6, 8), slice(26, 28)  # columns that say for which sizes and where the score counts
_SCORES = [1, 26, 27, WIDTH - 1]

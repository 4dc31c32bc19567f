"""The second look: a string's every place in the article, the strings around it, and what it is made of.

The first look weighs one place; 飞行汽车 told ten times and doubted nine is no firm, 峰飞 beside 峰飞航空 is one.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from extractor.data import table, words
from extractor.jieba_words import is_word, tagged
from extractor.remembered import remembered
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
    scores: dict[str, list[float]] = {}
    for _, span, name in found:
        scores.setdefault(name, []).append(span.score)
    lot = "\n".join(sentences)
    names = {}
    for name, kin in _kin(scores).items():
        others = max(lot.count(name), len(scores[name])) - 1
        further = document.text.count(name) > others + 1
        names[name] = others, (math.log(1 + others), further, *kin)
    levels = [
        (score, *_elsewhere(score, scores[name], names[name][0]), rival)
        for (_, (_, _, score), name), rival in zip(found, _rivals(found), strict=True)
    ]
    rows: list[float] = []
    for place, odds in zip(found, _log_odds(levels), strict=True):
        rows += _row(place, sentences[place.sentence], odds, *names[place.text])
    return np.fromiter(rows, np.float64, len(rows)).reshape(-1, WIDTH)


def _row(place: Place, sentence: str, odds: Sequence[float], others: int, told: Iterable[float]) -> tuple[float, ...]:
    """A place's columns: a constant, its log odds and its size, what it is made of, the signs beside it, its string's
    other places and kin, and its rival."""
    own, rest, top, rival = odds
    _, (start, end, _), name = place
    size = end - start
    before, after = sentence[start - 1 : start], sentence[end : end + 1]
    return (
        1.0,
        own,
        *(size == 2, size == 3, size == 4, 5 <= size <= 7),
        own if size >= 8 else 0.0,
        own if size <= 3 else 0.0,
        *_made_of(name),
        *(after in _GOES_ON, before in _GLUE, before == "、", after == "、"),
        *((True, rest, top) if others else (False, 0.0, 0.0)),
        *told,
        rival,
    )


def _log_odds(levels: Sequence[tuple[float, ...]]) -> list[list[float]]:
    """Log odds, between -6 and 6, of scores; a score of 0 counts as never seen."""
    scores = np.array(levels)
    odds = np.log(np.maximum(scores, 1e-6) / np.maximum(1.0 - scores, 1e-6))
    told: list[list[float]] = np.minimum(np.maximum(odds, -6.0), 6.0).tolist()
    return told


@cache
def _lists() -> tuple[tuple[str, ...], tuple[str, ...], Collection[str]]:
    """Strong and weak endings of firms' names, and places."""
    return tuple(words("firm_suffixes")), tuple(words("firm_suffixes_weak")), table("places", "name", "kind")


@remembered(20_000)
def _made_of(name: str) -> tuple[float, ...]:
    parts = tagged(name)
    strong, weak, places = _lists()
    everyday = sum(
        [len(word) >= 2 and tag[0] in "nvadlibtz" and tag not in _NAMELY and is_word(word) for word, tag in parts]
    )
    told = (
        name.endswith(_LEGAL),
        name.endswith(strong),
        name.endswith(weak),
        name.isascii(),
        everyday == len(parts) == 1,
        everyday == len(parts) > 1,
        everyday / len(parts),
        parts[0][0] in places,
        name in places,
        name[0] in _GLUE,
        name.endswith(_BANK),
        "某" in name,
        len(name) <= 3 and "nr" in [tag for _, tag in parts],
    )
    return tuple(map(float, told))


_NAMELY = ("nz", "nr", "nt", "nrt", "ns", "nrfg")


def _elsewhere(score: float, scores: Sequence[float], others: int) -> tuple[float, float]:
    """What a string's other places have for a score: all of them on average (0 counts where one has none), and the
    best of them."""
    if len(scores) == 1:
        return 0.0, 0.0
    best, second, *_ = [*sorted(set(scores), reverse=True), 0.0]
    top = best if best != score else second
    return (sum(scores) - score) / others, top or score


def _kin(scores: dict[str, list[float]]) -> dict[str, tuple[float, float, float]]:
    """For each string the best score of a longer one that holds it, of a shorter one that it holds, and of a full name
    that begins alike."""
    best = {name: max(told) for name, told in scores.items()}
    names = sorted(best, key=lambda n: (-best[n], n))[:_MOST]
    legal = [name for name in names if name.endswith(_LEGAL)]
    every = "\n".join(best)
    inner = {name for name in best if every.count(name) > 1}  # told once in all of them, it is in none but itself
    held = [name for name in names if name in inner]
    kin = {}
    for name in scores:
        longer = shorter = alike = 0.0
        if name in inner:
            longer = next((best[o] for o in names if name in o and o != name), 0.0)
        for other in held:
            if other in name and other != name:
                shorter = best[other]
                break
        for other in legal:
            if other[:2] == name[:2] and other != name:
                alike = best[other]
                break
        kin[name] = longer, shorter, alike
    return kin


def _rivals(found: Sequence[Place]) -> list[float]:
    """The best score of another span that overlaps each place."""
    rivals = [0.0] * len(found)
    for k, (sentence, (_, end, score), _) in enumerate(found):
        for n in range(k + 1, len(found)):
            number, (start, _, other), _ = found[n]
            if number != sentence or start >= end:
                break
            if other > rivals[k]:
                rivals[k] = other
            if score > rivals[n]:
                rivals[n] = score
    return rivals


WIDTH = 8 + 13 + 4 + 5 + 3 + 1

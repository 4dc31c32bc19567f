"""The words and senses left and right of a name, which hang on the name alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from extractor.features.facts import Fact
from extractor.scene import Scene

_FOLLOWING = 6


def words_beside(scene: Scene, start: int, end: int, side: str, near: str) -> Iterator[Fact]:
    """What stands beside a name; `near` is 0 where it stands in the anchor's sentence, else -."""
    stream, found = scene.stream, scene.senses
    words, at, after = stream.words, stream.index(start), stream.index(end)
    left, left2 = (words[at - n] if at >= n else "^" for n in (1, 2))
    right, right2 = (words[after + n] if after + n < len(words) else "$" for n in (0, 1))
    yield _left, side, near, left2, left
    yield _right, side, near, right, right2
    clause = scene.sentence.clause(start)
    close = next((comma for comma in scene.sentence.commas if comma >= end), scene.sentence.end)
    following = dict.fromkeys(islice(stream.between(end, close), _FOLLOWING))
    yield from [(_word, side, near, word) for word in following]
    yield _senses, side, "after", near, found.within(end, close)
    yield _senses, side, "before", near, found.within(scene.edges[clause], start)
    follows, leads = found.after(end), found.before(start)
    if follows is not None:
        yield _nearest, side, "next", near, follows.names, min((follows.start - end) // 3, 3)
    if leads is not None:
        yield _nearest, side, "last", near, leads.names, min((start - leads.end) // 3, 3)


def _left(side: str, near: str, left2: str, left: str) -> Iterator[str]:
    yield f"{side}:l={left}|{near}"
    yield f"{side}:l2={left2} {left}|{near}"


def _right(side: str, near: str, right: str, right2: str) -> Iterator[str]:
    yield f"{side}:r={right}|{near}"
    yield f"{side}:r2={right} {right2}|{near}"
    yield f"{side}:r2w={right2}|{near}"


def _word(side: str, near: str, word: str) -> Iterator[str]:
    yield f"{side}:w={word}|{near}"


def _senses(side: str, where: str, near: str, senses: Sequence[str]) -> Iterator[str]:
    yield from (f"{side}:{where}={sense}|{near}" for sense in senses)


def _nearest(side: str, where: str, near: str, senses: Sequence[str], gap: int) -> Iterator[str]:
    yield from (f"{side}:{where}={sense}{gap}|{near}" for sense in senses)

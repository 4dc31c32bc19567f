"""What a character's word and the two words on either side say: their hashes, tags and lengths, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter

import numpy as np

from extractor.tagger.mixing import K1, Codes
from extractor.tagger.templates import SIDES

Word = tuple[str, str]
"""A word and jieba's tag of it."""

_LONG = 64
_POWERS = np.array([pow(int(K1), k + 1, 1 << 32) for k in range(_LONG)], dtype=np.uint32)
_STEPS = np.array([[int(side or 0)] for side in SIDES])
_SIZE, _AT = 2 * len(SIDES), 3 * len(SIDES)  # rows of columns
_FIRST, _SECOND = itemgetter(0), itemgetter(1)
_EIGHT = np.uint32(8)

NAMES = (*(kind + side for kind in ("word", "tag", "size") for side in SIDES), "at", "where")
"""The columns in order."""


class _Tags(dict[str, int]):
    """A number for each tag: its first three letters."""

    def __missing__(self, tag: str) -> int:
        number = self[tag] = int.from_bytes(tag.encode()[:3], "little")
        return number


_TAGS = _Tags()


def worded(codes: Codes, words: Sequence[Word]) -> Codes:
    """The columns (`NAMES`, characters) of a laid out text of `codes`, which `words` make up.

    `where` is a character's place in its word (0 only, 1 first, 2 inside, 3 last), `at` that and the word's length (at
    most 5) in one; `word`, `tag` and `size` tell of the own word, with +1, -1, +2 and -2 of those beside it.
    """
    facts = np.empty((3, len(words)), dtype=np.uint32)
    sizes = np.fromiter(map(len, map(_FIRST, words)), dtype=np.int64, count=len(words))
    ends = sizes.cumsum()
    begins = ends - sizes
    number = np.arange(len(words)).repeat(sizes)
    index = np.arange(len(number)) - begins[number]
    np.add.reduceat(codes * _POWERS.take(index, mode="clip"), begins, dtype=np.uint32, out=facts[0])
    facts[1] = np.fromiter(map(_TAGS.__getitem__, map(_SECOND, words)), dtype=np.uint32, count=len(words))
    facts[2] = np.minimum(sizes, 5)
    columns = np.empty((len(NAMES), len(number)), dtype=np.uint32)
    facts.take(number + _STEPS, axis=1, out=columns[:_AT].reshape(len(facts), len(SIDES), -1), mode="clip")
    at, where = columns[_AT:]
    where[:] = 2
    where[ends - 1] = 3
    where[begins] = sizes > 1
    np.multiply(where, _EIGHT, out=at)
    at += columns[_SIZE]
    return columns

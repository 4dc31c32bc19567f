"""What a character's word and the two words on either side say: their hashes, tags and lengths, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from extractor.tagger.mixing import K1, Codes
from extractor.tagger.templates import SIDES

Word = tuple[str, str]
"""A word and jieba's tag of it."""

_LONG = 64
_POWERS = np.array([pow(int(K1), k + 1, 1 << 32) for k in range(_LONG)], dtype=np.uint32)
_STEPS = np.array([[int(side or 0)] for side in SIDES])
_COLUMNS = [kind + side for kind in ("word", "tag", "size") for side in SIDES]
_FIRST, _SECOND = itemgetter(0), itemgetter(1)
_EIGHT = np.uint32(8)


class _Tags(dict[str, int]):
    """A number for each tag: its first three letters."""

    def __missing__(self, tag: str) -> int:
        number = self[tag] = int.from_bytes(tag.encode()[:3], "little")
        return number


_TAGS = _Tags()


def worded(codes: Codes, words: Sequence[Word]) -> dict[str, Codes]:
    """The columns of a laid out text of `codes`, which `words` make up.

    `where` is a character's place in its word (0 only, 1 first, 2 inside, 3 last), `at` that and the word's length (at
    most 5) in one; `word`, `tag` and `size` tell of the own word, with +1, -1, +2 and -2 of those beside it.
    """
    sizes = np.fromiter(map(len, map(_FIRST, words)), dtype=np.int64, count=len(words))
    tags = np.fromiter(map(_TAGS.__getitem__, map(_SECOND, words)), dtype=np.uint32, count=len(words))
    ends = sizes.cumsum()
    begins = ends - sizes
    number = np.arange(len(words)).repeat(sizes)
    index = np.arange(len(number)) - begins[number]
    hashes = np.add.reduceat(codes * _POWERS.take(index, mode="clip"), begins, dtype=np.uint32)
    short = np.minimum(sizes, 5).astype(np.uint32)
    where = np.full(len(number), 2, dtype=np.uint32)
    where[ends - 1] = 3
    where[begins] = sizes > 1
    rows = _around(np.concatenate((hashes, tags, short)).reshape(3, -1), number)
    columns = dict(zip(_COLUMNS, rows.reshape(len(_COLUMNS), -1), strict=True))
    return columns | {"where": where, "at": where * _EIGHT + columns["size"]}


def _around(words: npt.NDArray[Any], number: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
    """Rows of facts of words as an array (rows, sides, characters)."""
    near: npt.NDArray[Any] = words.take(np.arange(words.shape[1]) + _STEPS, axis=1, mode="clip")
    return near.take(number, axis=2)

"""What a character's word and the two words on either side say: their hashes, tags and lengths, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from extractor.tagger.mixing import K1, PAD, Codes, mixed

Word = tuple[str, str]
"""A word and jieba's tag of it."""

_LONG = 64
_POWERS = np.array([pow(int(K1), k + 1, 1 << 32) for k in range(_LONG)], dtype=np.uint32)
_REACH = 2  # words looked at on either side
_FIRST, _SECOND = itemgetter(0), itemgetter(1)


class _Tags(dict[str, int]):
    """A number for each tag: its first three letters."""

    def __missing__(self, tag: str) -> int:
        number = self[tag] = int.from_bytes(tag.encode()[:3], "little")
        return number


_TAGS = _Tags()


@dataclass(frozen=True, slots=True)
class Words:
    """For each character but the outer separators its place in its word (0 only, 1 first, 2 inside, 3 last) and words.

    `at` is place and length in one. `word`, `tag` and `size` (a length, at most 5) are arrays (5, characters): the own
    word's, the next one's, the one before's, the next but one's, the one before the last's.
    """

    where: Codes
    at: Codes
    word: Codes
    tag: Codes
    size: Codes

    @classmethod
    def of(cls, codes: Codes, words: Sequence[Word]) -> Words:
        """The columns of a laid out text of `codes`, which `words` make up."""
        sizes = np.fromiter(map(len, map(_FIRST, words)), dtype=np.int64, count=len(words))
        tags = np.fromiter(map(_TAGS.__getitem__, map(_SECOND, words)), dtype=np.uint32, count=len(words))
        begins = sizes.cumsum() - sizes
        number = np.arange(len(words)).repeat(sizes)
        index = np.arange(len(number)) - begins[number]
        hashes = np.add.reduceat(codes * _POWERS[np.minimum(index, _LONG - 1)], begins).astype(np.uint32)
        short = np.minimum(sizes, 5).astype(np.uint32)
        around = _around(np.stack((hashes, tags, short)), number[PAD:-PAD])
        index, long = index[PAD:-PAD], sizes[number[PAD:-PAD]]
        where = np.where(index == 0, 1, np.where(index == long - 1, 3, 2)).astype(np.uint32)
        where[long == 1] = 0
        return cls(where, where * np.uint32(8) + around[2, 0], around[0], around[1], around[2])


def _around(words: npt.NDArray[Any], number: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
    """Rows of facts of words as an array (rows, 5, characters): own, next, last, next but one, last but one."""
    steps = np.array([[0], [1], [-1], [_REACH], [-_REACH]])
    near: npt.NDArray[Any] = words.take(np.arange(words.shape[1]) + steps, axis=1, mode="clip")
    return near.take(number, axis=2)


def worded(w: Words) -> list[Codes]:
    """The word a character stands in and the two on either side: their characters, tags and lengths."""
    word, word_next, word_last, word_later, word_earlier = w.word
    tag, tag_next, tag_last, tag_later, tag_earlier = w.tag
    mine, tagged, size, ahead, behind, beside = mixed(
        (word, w.where), (tag, w.at), (w.at, w.size[1]), (w.at, tag_next), (w.at, tag_last), (tag_next, tag_last)
    )
    told, sizes = mixed((tagged, tag_next), (size, w.size[2]))
    rest = mixed(
        (word_next, w.at),
        (word_last, w.at),
        (word_later, w.at),
        (word_earlier, w.at),
        (mine, word_next),
        (mine, word_last),
        (tagged, tag_last),
        (told, tag_last),
        (ahead, tag_later),
        (behind, tag_earlier),
        (sizes, beside),
    )
    return [mine, *rest[:6], tagged, told, *rest[6:10], sizes, rest[10]]

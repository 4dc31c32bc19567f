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
_POWERS = [pow(int(K1), k + 1, 1 << 32) for k in range(_LONG)]
_REACH = 2  # words looked at on either side
_STEPS = np.array([[0], [1], [-1], [_REACH], [-_REACH]])
_TEXT = itemgetter(0)
_KEPT = 50_000
"""Words whose facts are kept, some 10 MB: an article's are mostly known."""


class _Facts(dict[Word, int]):
    """What is told of a word, as one number: 32 bits of its characters' hash, 24 of its tag's first three letters,
    eight of its length, at most 5."""

    def __missing__(self, known: Word) -> int:
        word, tag = known
        codes = (ord("0") if sign.isdecimal() and sign.isascii() else ord(sign) for sign in word)
        hashed = sum(code * _POWERS[min(k, _LONG - 1)] for k, code in enumerate(codes))
        if len(self) >= _KEPT:
            self.clear()
        fact = self[known] = hashed % 2**32 << 32 | int.from_bytes(tag.encode()[:3], "little") << 8 | min(len(word), 5)
        return fact


_FACTS = _Facts()
_TAG, _SIZE = np.uint64(0xFF_FFFF), np.uint64(0xFF)


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
    def of(cls, words: Sequence[Word]) -> Words:
        """The columns of a laid out text, which `words` make up."""
        sizes = np.fromiter(map(len, map(_TEXT, words)), dtype=np.int64, count=len(words))
        facts = np.fromiter(map(_FACTS.__getitem__, words), dtype=np.uint64, count=len(words))
        ends = sizes.cumsum()
        where = np.full(ends[-1], 2, dtype=np.uint32)
        where[ends - 1] = 3
        where[ends - sizes] = sizes > 1
        where = where[PAD:-PAD]
        number = np.arange(len(words)).repeat(sizes)[PAD:-PAD]
        told = np.stack((facts >> np.uint64(32), facts >> np.uint64(8) & _TAG, facts & _SIZE)).astype(np.uint32)
        word, tag, size = _around(told, number)
        return cls(where, where * np.uint32(8) + size[0], word, tag, size)


def _around(words: npt.NDArray[Any], number: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
    """Rows of facts of words as an array (rows, 5, characters): own, next, last, next but one, last but one."""
    near: npt.NDArray[Any] = words.take(np.arange(words.shape[1]) + _STEPS, axis=1, mode="clip")
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

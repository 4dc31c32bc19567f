"""A text as it is searched and as watched words are found in it, with the way back to the original.

Half width, simplified script and lower case, without blanks, line breaks, quotes and middle dots. Text and word are
folded sign by sign and alike, so that whatever stands in a text is found there, also over the end of a line.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise

from core.script import fold

_DROPPED = frozenset("•·“”\"'‘’《》「」『』\u200b\ufeff")


class _Signs(dict[int, str]):
    """Each sign's plain form, worked out when it is first met; a few thousand kinds at most stand in texts."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        plain = fold(unicodedata.normalize("NFKC", fold(sign)).lower())
        kept = "".join(one for one in plain if not one.isspace() and one not in _DROPPED)
        self[code] = kept
        return kept


_SIGNS = _Signs()


@dataclass(frozen=True)
class Plain:
    """The plain `text` of an `original`."""

    text: str
    original: str

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that `start` to `end` came from."""
        return bisect_right(self._ends, start), bisect_right(self._ends, end - 1) + 1

    def find(self, word: str) -> Iterator[tuple[int, int]]:
        """The spans of the original in which a plain word stands, in order, without overlaps."""
        at = self.text.find(word) if word else -1
        while at >= 0:
            yield self.origin(at, at + len(word))
            at = self.text.find(word, at + len(word))

    @cached_property
    def _ends(self) -> list[int]:
        """Where the plain form of each of the original's signs ends."""
        return list(accumulate(map(len, map(_SIGNS.__getitem__, map(ord, self.original)))))


def plain(text: str) -> Plain:
    """A text made plain, some 40 ns a sign."""
    return Plain(text.translate(_SIGNS), text)


def grams(text: str) -> list[int]:
    """The pairs of neighbouring signs of a plain text, each once, as signed numbers of 32 bits.

    A pair of the basic plane is told by its two code points and by nothing else; a sign beyond it by its last 16 bits.
    """
    codes = [ord(sign) & 0xFFFF for sign in text]
    pairs = {first << 16 | second for first, second in pairwise(codes)}
    return [pair - (1 << 32) if pair >> 31 else pair for pair in sorted(pairs)]

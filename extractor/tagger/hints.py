"""What the rest of an article says of a string: how often it stands there, between which neighbours, in which names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from extractor.tagger.mixing import Codes

_FORM = re.compile(r"有限公司|有限责任公司|股份公司|集团公司|合伙企业")
_BEFORE = re.compile(r"[^\s，。；：、！？“”‘’《》|,;:]{2,}\Z")
_REACH = 18  # characters before a legal form that are taken for the name
_ALIAS = re.compile(r"(?:简称|下称|称|名为|名叫)[为:：]?[“‘「]?([^\s，。；：、！？“”‘’《》|,;:()]{2,8})[”’」)]?")
_MOST = 50_000
_SHIFTS = np.array([[32], [16], [0]], dtype=np.uint64)
"""Bits of a key behind its first two, its first three and all of its characters."""
_LAST = np.uint64(0xFFFF)
_TIMES = np.array([[125], [25], [5]])
_ONE, _THREE = np.array(1, dtype=np.uint32), np.array(3, dtype=np.uint32)
_BESIDE = np.array([[-1], [2]])  # from where a 2-gram begins
_PLAIN = np.arange(0x9FFF + 2).astype(">u2")
_PLAIN[(_PLAIN < 65) | (_PLAIN > 122) & (_PLAIN < 0x4E00) | (_PLAIN > 0x9FFF)] = 0
"""Each character of names; 0 for signs, digits and all others."""
_WHOLE = np.array([0, 0xFFFF_FFFF_0000_0000, 0xFFFF_FFFF_FFFF_0000, 0xFFFF_FFFF_FFFF_FFFF], dtype=np.uint64)
"""What is kept of four characters where one, two, three or all of them are no signs."""
_BEYOND = np.array([0xFFFF_0000_0000_0000], dtype=np.uint64)  # above every key, and no n-gram

NAMES = ("ahead", "behind", "named")
"""The columns in order."""

Stretch = tuple[int, int, int]
"""Where in a text something of the article stands, and from where to where in the article."""

Keys = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class DocumentHints:
    """An article's folded text, and for each of its n-grams (n = 2, 3, 4) a number that tells how it is told there.

    `_keys` are its 4-grams in order, and one beyond them: those that begin alike stand together, so that one order
    serves 2-, 3- and 4-grams. `_ahead` (a row for each n) and `_told` tell `seen` of each key's n-grams and 2-gram.
    `_rank` is the place among the keys of the one that begins at each character.
    """

    text: str
    _keys: Keys
    _rank: Counts
    _ahead: Counts
    _told: Codes

    @classmethod
    def of(cls, text: str) -> DocumentHints:
        """Count the n-grams of a folded text (of its first 50,000 characters)."""
        text = text[:_MOST]
        codes = _codes(text)
        unordered = _keys(codes)
        keys = np.concatenate((np.sort(unordered), _BEYOND))
        rank = keys.searchsorted(unordered)
        grams = (keys >> _SHIFTS).ravel()
        edges = _edges(grams)
        begins, sizes = edges[:-1], edges[1:] - edges[:-1]
        often = np.minimum(sizes, 4) * (grams[begins] & _LAST > 0)  # one that a sign cuts, and so ends in 0, is none
        number = np.arange(len(begins)).repeat(sizes)
        ahead = often[number].reshape(len(_SHIFTS), -1)
        twice, pair = ahead[0] > 1, number[: len(keys)]
        count = int(pair[-1]) + 1
        repeated = twice[rank].nonzero()[0]
        left, right = _sides(codes, repeated, pair[rank[repeated]], count)
        told = np.zeros((len(NAMES), len(keys)), dtype=np.uint32)
        told[1] = ahead[0] * 5 + right[pair]
        for spans, weight in ((list(_full_names(text)), twice + _ONE), (_aliases(text), _THREE)):
            if spans:
                held = np.zeros(count, dtype=np.bool_)
                for start, end in spans:
                    held[pair[rank[start : end - 1]]] = True
                held[0] = False  # the first is that of a sign
                told[2] += held[pair] * weight
        ahead *= _TIMES
        ahead[0] += left[pair]
        told[0] = ahead.sum(0)
        return cls(text, keys, rank, ahead, told)

    def seen(self, codes: Codes, stretches: Iterable[Stretch] | None = None) -> Codes:
        """The columns (`NAMES`, characters) of a text of `codes`: repeated ahead, repeated behind, part of a name
        elsewhere.

        A text that is `stretches` of this article between signs need not be looked up, where they are known.
        """
        at = None if stretches is None else self._at(len(codes), stretches)
        if at is None:
            keys = _keys(codes)
            at = self._keys.searchsorted(keys)
            if not (self._keys[at] == keys).all():
                return self._of_others(keys, at)
        return _behind(self._told.take(at, axis=1))

    def _at(self, size: int, stretches: Iterable[Stretch]) -> Counts | None:
        """The places of a text's keys among the article's, the first for signs; None where a stretch does not end with
        a sign or before one, and so has n-grams that the article has not."""
        at = np.zeros(size, dtype=np.intp)
        for start, first, last in stretches:
            if last > len(self._rank) or (first < last and self._keys[self._rank[last - 1]]):
                return None
            at[start : start + last - first] = self._rank[first:last]
        return at

    def _of_others(self, keys: Keys, at: Counts) -> Codes:
        """`seen` of a text some of whose keys, which belong before those at `at`, the article has not."""
        two, three, four = (self._alike(keys, at, shift) for (shift,) in _SHIFTS)
        told = self._told.take(two, axis=1)
        told[0] = self._ahead[0][two] + self._ahead[1][three] + self._ahead[2][four]
        return _behind(told)

    def _alike(self, keys: Keys, at: Counts, shift: np.uint64) -> Counts:
        """For each key, which belongs before that at `at`, the place of one that begins alike: that or the one before,
        if any does; else the last place."""
        known, wanted = self._keys >> shift, keys >> shift
        near = np.where(known[at] == wanted, at, at - 1)
        return np.where(known[near] == wanted, near, len(known) - 1)


def _behind(told: Codes) -> Codes:
    """What is told of the 2-gram that begins at a character belongs, for `behind`, to the next one."""
    told[1, 1:] = told[1, :-1]
    told[1, :1] = 0
    return told


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)


def _keys(codes: Codes) -> Keys:
    """The 4-gram that begins at each character, sixteen bits a character: 0 from the first sign, blank or the end on,
    and altogether where that leaves less than two."""
    size = len(codes)
    signs = np.zeros(size + 3, dtype=_PLAIN.dtype)
    _PLAIN.take(codes, out=signs[:size], mode="clip")
    plain = signs.view(np.uint16) > 0
    two = plain[:-3] & plain[1:-2]
    three = two & plain[2:-1]
    keys = np.ndarray(size, ">u8", signs, strides=signs.strides).astype(np.uint64)  # read at each character anew
    keys &= _WHOLE.take(two.view(np.uint8) + three + (three & plain[3:]))
    return keys


def _edges(ordered: Keys | Counts) -> Counts:
    """Where in ordered numbers another one begins, and where the last one ends."""
    edges = np.empty(len(ordered) + 1, dtype=np.bool_)
    edges[0] = edges[-1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=edges[1:-1])
    return edges.nonzero()[0]


def _sides(codes: Codes, places: Counts, numbers: Counts, count: int) -> Counts:
    """For each of `count` 2-grams, some of which begin at the `places`, how many different characters stand before it
    (the first row) and behind it, at most three."""
    beside = places + _BESIDE
    inside = beside.view(np.uint64) < len(codes)  # below zero is far beyond, too
    told = (numbers + np.array([[0], [count]]))[inside] << 32 | codes[beside[inside]]
    told.sort()
    return np.minimum(np.bincount(told[_edges(told)[:-1]] >> 32, minlength=2 * count), 3).reshape(2, count)


def _full_names(text: str) -> Iterator[tuple[int, int]]:
    """Where what stands before each legal form, back to a sign, a name or the eighteenth character, begins, and where
    the form ends."""
    last = 0
    for form in _FORM.finditer(text):
        before = _BEFORE.search(text, max(last, form.start() - _REACH), form.start())
        if before:
            last = form.end()
            yield before.start(), last


def _aliases(text: str) -> list[tuple[int, int]]:
    """Where what an article says that somebody is called begins and ends."""
    return [match.span(1) for match in _ALIAS.finditer(text)]

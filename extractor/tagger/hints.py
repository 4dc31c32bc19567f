"""What the rest of an article says of a string: how often it stands there, between which neighbours, in which names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from extractor.tagger.mixing import Codes

_FORM = re.compile(r"有限公司|有限责任公司|股份公司|集团公司|合伙企业")
_BEFORE = re.compile(r"[^\s，。；：、！？“”‘’《》|,;:]{2,}\Z")
_REACH = 18  # characters before a legal form that are taken for the name
_ALIAS = re.compile(r"(?:简称|下称|称|名为|名叫)[为:：]?[“‘「]?([^\s，。；：、！？“”‘’《》|,;:()]{2,8})[”’」)]?")
_MOST = 50_000
_R = np.uint64(1_099_511_628_211)
_NO_SIGNS = np.zeros(3, dtype=np.uint32)
_NO_KEY = np.array([0xFFFF_FFFF_FFFF_FFFF], dtype=np.uint64)

Keys = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Counted:
    """The different keys in order and how often each came; one more at the end stands for all others."""

    keys: Keys
    counts: Counts

    @classmethod
    def of(cls, keys: Keys) -> _Counted:
        """Keys counted; 0 is none."""
        told = np.sort(keys[keys > 0])
        begins = _begins(told)
        counts = np.concatenate((begins[1:], [len(told)]))[: len(begins)] - begins
        return cls(np.concatenate((told[begins], _NO_KEY)), np.concatenate((counts, [0])))

    def places(self, keys: Keys) -> Counts:
        """The number of each key among those counted; the last number for a key that was not."""
        at = self.keys.searchsorted(keys)
        return np.where(self.keys[at] == keys, at, len(self.keys) - 1)

    def tally(self, places: Counts) -> Counts:
        """How often each place stands among others; the last one never."""
        counts = np.bincount(places, minlength=len(self.keys))
        counts[-1] = 0
        return counts


@dataclass(frozen=True, slots=True)
class DocumentHints:
    """An article's folded text, and for each of its n-grams (n = 2, 3, 4) a number that tells how it is told there.

    `ahead`, `behind` and `named` are columns of `seen`; the first is a sum over the n-grams that begin at a character.
    """

    text: str
    _grams: tuple[_Counted, ...]
    _ahead: tuple[Counts, ...]
    _behind: Counts
    _named: Counts

    @classmethod
    def of(cls, text: str) -> DocumentHints:
        """Count the n-grams of a folded text (of its first 50,000 characters)."""
        text = text[:_MOST]
        codes = _codes(text)
        pairs, *longer = _grams(codes)
        two, three, four = (_Counted.of(keys) for keys in (pairs, *longer))
        often = np.minimum(two.counts, 4)
        left, right = (np.where(often > 1, np.minimum(sides, 3), 0) for sides in _sides(two, pairs, codes))
        full, alias = (_held(two, names) for names in (list(_full_names(text)), _ALIAS.findall(text)))
        ahead = (often * 125 + left, np.minimum(three.counts, 4) * 25, np.minimum(four.counts, 4) * 5)
        return cls(text, (two, three, four), ahead, often * 5 + right, full * (1 + (often > 1)) + 3 * alias)

    def seen(self, codes: Codes) -> list[Codes]:
        """Three columns for each character of `codes`: repeated ahead, repeated behind, part of a name elsewhere."""
        places = [counted.places(keys) for counted, keys in zip(self._grams, _grams(codes), strict=True)]
        two, three, four = (column[at] for column, at in zip(self._ahead, places, strict=True))
        behind = np.concatenate(([0], self._behind[places[0][:-1]]))
        return [column.astype(np.uint32) for column in (two + three + four, behind, self._named[places[0]])]


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)


def _grams(codes: Codes) -> list[Keys]:
    """The 2-, 3- and 4-grams that begin at each character, as numbers; 0 for one that a sign, blank or the end cuts."""
    size = len(codes)
    codes = np.concatenate((codes, _NO_SIGNS))
    plain = (codes >= 0x4E00) & (codes <= 0x9FFF) | (codes >= 65) & (codes <= 122)
    keys, whole = codes[:size] * _R, plain[:size]
    found = []
    for n in range(1, len(_NO_SIGNS) + 1):
        keys = (keys + codes[n : size + n]) * _R
        whole = whole & plain[n : size + n]
        found.append(keys * whole)
    return found


def _begins(told: Keys) -> Counts:
    """Where in sorted keys another one begins."""
    return np.flatnonzero(np.concatenate((told[:1] == told[:1], told[1:] != told[:-1])))


def _sides(two: _Counted, pairs: Keys, codes: Codes) -> Iterator[Counts]:
    """For each two characters how many different ones stand before them, and how many behind."""
    keys = ((codes[:-2] * _R + codes[1:-1]) * _R + codes[2:]) * _R
    order = keys.argsort()
    first = order[_begins(keys[order])]
    places = two.places(pairs)
    for each in (first + 1, first):
        yield two.tally(places[each])


def _held(two: _Counted, names: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which two characters stand in one of the names."""
    if not names:
        return np.zeros(len(two.keys), dtype=np.bool_)
    return two.tally(two.places(_grams(_codes("\n".join(names)))[0])) > 0


def _full_names(text: str) -> Iterator[str]:
    """What stands before each legal form, back to a sign, a name or the eighteenth character, with the form."""
    last = 0
    for form in _FORM.finditer(text):
        before = _BEFORE.search(text, max(last, form.start() - _REACH), form.start())
        if before:
            last = form.end()
            yield text[before.start() : last]

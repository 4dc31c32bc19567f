"""What the rest of an article says of a string: how often it stands there, between which neighbours, in which names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

_FULL = re.compile(r"[^\s，。；：、！？“”‘’《》|,;:]{2,18}?(?:有限公司|有限责任公司|股份公司|集团公司|合伙企业)")
_ALIAS = re.compile(r"(?:简称|下称|称|名为|名叫)[为:：]?[“‘「]?([^\s，。；：、！？“”‘’《》|,;:()]{2,8})[”’」)]?")
_R = np.uint64(1_099_511_628_211)

Keys = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class DocumentHints:
    """An article's folded text and what was counted in it."""

    text: str
    _counts: dict[int, tuple[Keys, npt.NDArray[np.int64]]] = field(default_factory=dict)
    _sides: dict[str, tuple[Keys, npt.NDArray[np.int64]]] = field(default_factory=dict)
    _in_names: dict[str, tuple[Keys, npt.NDArray[np.int64]]] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str) -> DocumentHints:
        """Count the n-grams of a folded text (of its first 50,000 characters)."""
        hints = cls(text[:_MOST])
        codes = _codes(hints.text)
        for n in (2, 3, 4):
            hints._counts[n] = _unique(_grams(codes, n))
        two = _grams(codes, 2)
        around = _grams(codes, 3, whole=False)
        hints._sides["left"] = _distinct(two[1:], around)
        hints._sides["right"] = _distinct(two[: len(around)], around)
        hints._in_names["full"] = _pairs(match.group() for match in _FULL.finditer(hints.text))
        hints._in_names["alias"] = _pairs(match.group(1) for match in _ALIAS.finditer(hints.text))
        return hints

    def seen(self, codes: npt.NDArray[np.uint32]) -> list[npt.NDArray[np.uint32]]:
        """Three columns for each character of `codes`: repeated ahead, repeated behind, part of a name elsewhere."""
        two, four = _padded(codes, 2), _padded(codes, 4)
        three = _padded(codes, 3)
        counts = {n: np.minimum(_look(self._counts[n], grams), 4) for n, grams in ((2, two), (3, three), (4, four))}
        left = np.minimum(_look(self._sides["left"], two), 3)
        right = np.minimum(_look(self._sides["right"], two), 3)
        ahead = counts[2] * 125 + counts[3] * 25 + counts[4] * 5 + np.where(counts[2] > 1, left, 0)
        behind = counts[2] * 5 + np.where(counts[2] > 1, right, 0)
        behind = np.concatenate([behind[:1] * 0, behind[:-1]])
        full, alias = (np.minimum(_look(self._in_names[kind], two), 1) for kind in ("full", "alias"))
        name = full * (1 + (counts[2] > 1)) + 3 * alias
        return [column.astype(np.uint32) for column in (ahead, behind, name)]


_MOST = 50_000


def _codes(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)


def _grams(codes: npt.NDArray[Any], n: int, *, whole: bool = True) -> Keys:
    """The n-grams of a text as numbers; `whole` gives those with a punctuation mark or blank the number 0."""
    if len(codes) < n:
        return np.zeros(0, dtype=np.uint64)
    size = len(codes) - n + 1
    keys = np.zeros(size, dtype=np.uint64)
    plain = (codes >= 0x4E00) & (codes <= 0x9FFF) | (codes >= 65) & (codes <= 122)
    good = np.ones(size, dtype=bool)
    for k in range(n):
        keys = (keys + codes[k : k + size].astype(np.uint64)) * _R
        good &= plain[k : k + size]
    return np.where(good, keys, np.uint64(0)) if whole else keys


def _padded(codes: npt.NDArray[np.uint32], n: int) -> Keys:
    return np.concatenate([_grams(codes, n), np.zeros(min(n - 1, len(codes)), dtype=np.uint64)])


def _unique(keys: Keys) -> tuple[Keys, npt.NDArray[np.int64]]:
    found, counts = np.unique(keys[keys > 0], return_counts=True)
    return found, counts


def _distinct(inner: Keys, outer: Keys) -> tuple[Keys, npt.NDArray[np.int64]]:
    """How many different `outer` n-grams hold each `inner` one."""
    size = min(len(inner), len(outer))
    _, first = np.unique(outer[:size], return_index=True)
    return _unique(inner[:size][first])


def _pairs(names: Iterable[str]) -> tuple[Keys, npt.NDArray[np.int64]]:
    return _unique(np.concatenate([np.zeros(0, dtype=np.uint64), *(_grams(_codes(name), 2) for name in names)]))


def _look(known: tuple[Keys, npt.NDArray[np.int64]], keys: Keys) -> npt.NDArray[np.int64]:
    """How often each key was counted."""
    found, counts = known
    if not len(found):
        return np.zeros(len(keys), dtype=np.int64)
    at = np.minimum(np.searchsorted(found, keys), len(found) - 1)
    return np.where(found[at] == keys, counts[at], 0)

"""Made-up firms for augmentation: brands nobody has, in the shapes that Chinese firms' names have.

Short names of the shipped register and generated ones; a name of the gold is never among them, so that what is
measured on the gold is what holds for names never seen.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import jieba
import numpy as np
import numpy.typing as npt

from extractor.data import rows, words
from extractor.tagger.features import FIRST_SIGN, LAST_SIGN

_LATIN = ("AI", "Neo", "Bio", "Tech", "Lumi", "Vast", "Meta", "Nova", "Opti", "Core", "Zen", "Flux", "Terra", "Geo")
_FORMS = (
    "有限公司",
    "有限公司",
    "有限公司",
    "股份有限公司",
    "股份有限公司",
    "集团有限公司",
    "有限责任公司",
    "集团股份有限公司",
)


@dataclass(frozen=True, slots=True)
class Pools:
    """What names are made of."""

    listed: tuple[str, ...]
    signs: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
    dictionary: tuple[str, ...]
    trades: tuple[str, ...]
    places: tuple[str, ...]

    @classmethod
    def build(cls, listed: Iterable[str], banned: Iterable[str]) -> Pools:
        """`listed` are real short names to draw from; none that a `banned` name holds or is held by is kept."""
        held = {name[k : k + n] for name in banned for n in range(2, 9) for k in range(len(name) - n + 1)}
        kept = tuple(sorted({n for n in listed if 2 <= len(n) <= 8 and n not in held and not held & {n[:2] + n[2:4]}}))
        plain = [n for n in kept if len(n) >= 3]
        signs = tuple(tuple(n[k] for n in plain if "一" <= n[k] <= "龥") for k in range(3))
        places = tuple(row["name"] for row in rows("places") if row["kind"] in ("province", "city", "area"))
        trades = (*words("firm_suffixes"), *words("firm_suffixes_weak"))
        return cls(kept, (signs[0], signs[1], signs[2]), _dictionary(), trades, places or ("上海",))

    def grades(self) -> npt.NDArray[np.uint8]:
        """How far names begin with a character, go on with it, end with it, against all words: 0 unknown, 1 to 7."""
        common = _background()
        grades = np.zeros((3, LAST_SIGN - FIRST_SIGN), dtype=np.uint8)
        ends = tuple(n[-1] for n in self.listed if "一" <= n[-1] <= "龥")
        for row, told in enumerate((self.signs[0], self.signs[1], ends)):
            counts = Counter(told)
            for sign, background in common.items():
                share = (counts[sign] + 0.2) / len(told)
                grades[row, ord(sign) - FIRST_SIGN] = 1 + min(6, max(0, round(math.log(share / background) + 3)))
        return grades

    def brand(self, chance: random.Random) -> str:
        """A brand without a telling ending."""
        roll = chance.random()
        if roll < 0.7:
            return chance.choice(self.signs[0]) + chance.choice(self.signs[1])
        if roll < 0.84:
            return chance.choice(self.signs[0]) + chance.choice(self.signs[1]) + chance.choice(self.signs[2])
        if roll < 0.9:
            return chance.choice(self.dictionary)
        return chance.choice(_LATIN) + chance.choice(("", "", "X", "on", "ra", "tek", "is", "AI"))

    def short(self, chance: random.Random) -> str:
        """A short name as papers write it: brand and trade, brand alone, two words, or a listed one."""
        roll = chance.random()
        if roll < 0.45 and self.listed:
            return chance.choice(self.listed)
        if roll < 0.72:
            return self.brand(chance) + chance.choice(self.trades)
        if roll < 0.97:
            return self.brand(chance)[:4] + chance.choice(self.signs[0]) + chance.choice(self.signs[1])
        return chance.choice(self.dictionary) + chance.choice(self.dictionary)

    def full(self, chance: random.Random, brand: str) -> str:
        """A full legal name of a brand."""
        place = chance.choice(self.places) if chance.random() < 0.85 else ""
        trade = chance.choice(self.trades) + (chance.choice(self.trades) if chance.random() < 0.35 else "")
        core = f"{brand}({place}){trade}" if place and chance.random() < 0.06 else place + brand + trade
        return core + chance.choice(_FORMS)


def _background() -> dict[str, float]:
    """The share of each character in running text, by jieba's word counts."""
    counts: Counter[str] = Counter()
    path = Path(jieba.__file__).parent / "dict.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        word, count, _ = line.split(" ")
        for sign in word:
            if FIRST_SIGN <= ord(sign) < LAST_SIGN:
                counts[sign] += int(count)
    total = sum(counts.values())
    return {sign: count / total for sign, count in counts.items()}


def _dictionary() -> tuple[str, ...]:
    """Two-character words of jieba's dictionary neither rare nor common: brands such as 深度求索 are made so."""
    found = []
    path = Path(jieba.__file__).parent / "dict.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        word, count, tag = line.split(" ")
        if len(word) == 2 and 3 <= int(count) <= 3000 and tag in ("n", "a", "z", "nz", "an", "v"):
            found.append(word)
    return tuple(found)

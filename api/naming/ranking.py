"""How well a known name fits what was typed. Pure: rows in, an order out."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from rapidfuzz.distance import OSA

from core.names import fold
from core.pinyin import is_latin, marks, mistakes_allowed, pinyin, sound_without_form, stock_code, without_form

Kind = Literal["bank", "firm"]
Match = Literal["name", "code", "pinyin", "initials", "begins", "sound", "near"]
ORDER: tuple[Match, ...] = ("name", "code", "pinyin", "initials", "begins", "sound", "near")
SURE: tuple[Match, ...] = ORDER[:4]
"""Matches of all that was typed: where there is one, nobody asks for near misses."""


@dataclass(frozen=True)
class Typed:
    """What was typed, folded, and all by which it is looked up."""

    key: str

    @classmethod
    def of(cls, text: str) -> "Typed":
        """What a text says as a name."""
        return cls(fold(text))

    @cached_property
    def latin(self) -> bool:
        """Whether it may be pinyin or initials."""
        return is_latin(self.key)

    @cached_property
    def code(self) -> tuple[str, str] | None:
        """The stock code that it is, and its exchange."""
        return stock_code(self.key)

    @cached_property
    def sound(self) -> str:
        """Its pinyin."""
        return self.key if self.latin else pinyin(self.key)

    @cached_property
    def core(self) -> str:
        """It without its legal form."""
        return without_form(self.key)

    @cached_property
    def core_sound(self) -> str:
        """The pinyin of that."""
        return sound_without_form(self.key, self.sound)

    @cached_property
    def allowed(self) -> int:
        """How many mistakes it may hold."""
        return mistakes_allowed(self.key)

    @cached_property
    def marks(self) -> list[int]:
        """By which its near misses are found."""
        return marks(self.key)


@dataclass(frozen=True)
class Fit:
    """A row of the store, how it fits, and how far it is off: what is less fits better."""

    row: Any
    match: Match
    off: int

    @property
    def rank(self) -> tuple[Any, ...]:
        """By kind of match, then mistakes, then what remains to be typed; banks before firms."""
        return ORDER.index(self.match), self.off, len(self.row.key), self.row.kind, self.row.name, self.row.id


def fit(typed: Typed, row: Any) -> Fit | None:
    """How a row fits; None where it does not."""
    key, spelt, initials = row.key, row.pinyin or "", row.initials or ""
    if row.code:
        return Fit(row, "code", 0)
    if key == typed.key:
        return Fit(row, "name", 0)
    if typed.latin and typed.key in (spelt, initials):
        return Fit(row, "pinyin" if typed.key == spelt else "initials", 0)
    if key.startswith(typed.key):
        return Fit(row, "begins", 0)
    if typed.latin and (spelt.startswith(typed.key) or initials.startswith(typed.key)):
        return Fit(row, "begins", 1 if spelt.startswith(typed.key) else 2)
    return _nearly(typed, row)


def _nearly(typed: Typed, row: Any) -> Fit | None:
    """A name that sounds alike, or holds few mistakes; legal forms are left out on both sides."""
    own, sound = without_form(row.key), sound_without_form(row.key, row.pinyin or "")
    if not typed.latin and sound and sound == typed.core_sound:
        return Fit(row, "sound", 0)
    off = OSA.distance(typed.core, own, score_cutoff=typed.allowed)
    if typed.latin:
        off = min(off, OSA.distance(typed.key, sound, score_cutoff=typed.allowed))
    return Fit(row, "near", off) if off <= typed.allowed else None


def ranked(typed: Typed, rows: Iterable[Any], limit: int) -> list[Fit]:
    """The best fit of each bank and firm, the likeliest first."""
    best: dict[tuple[str, Any], Fit] = {}
    for found in sorted(filter(None, (fit(typed, row) for row in rows)), key=lambda found: found.rank):
        best.setdefault((found.row.kind, found.row.id), found)
    return list(best.values())[:limit]

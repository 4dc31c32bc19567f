"""How names are typed in Latin letters, and the marks by which a name typed almost right is found.

A name has as marks the hashes of itself, and of itself less one or two characters. Two names that share a mark are one
or two mistakes apart (a character too many, missing, wrong, or swapped with its neighbour): a look-up by equality
instead of a comparison with every name. Source of the method: W. Garbe, SymSpell (2012); pinyin by pypinyin (MIT),
which reads phrases, so that 重庆 is chongqing and 银行 yinhang.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations
from typing import NamedTuple
from zlib import crc32

from core.data import words
from core.names import fold

LONGEST = 60  # characters of a name that are spelt: the longest legal names have some 40
_TWICE = (5, 6)  # characters of a name of which two may be wrong; longer ones would have too many marks
_SPELT = 5  # characters up to which a name's pinyin is found with a letter wrong
_LATIN = re.compile(r"[a-z0-9]+")
_CODE = re.compile(r"(?:(?P<before>sh|sz|bj|hk)\.?)?(?P<digits>\d{1,6})(?:\.?(?P<after>sh|sz|bj|hk))?")


class Spelling(NamedTuple):
    """A name's pinyin without tones or blanks, its initials, and its marks (signed, of 32 bits)."""

    pinyin: str
    initials: str
    near: list[int]


def spell(key: str) -> Spelling:
    """The spelling of a folded name (core.names.fold); Latin letters and digits stand for themselves."""
    syllables = _syllables(key[:LONGEST])
    initials = "".join(told if whole else told[:1] for told, whole in syllables)
    return Spelling("".join(told for told, _ in syllables), initials, marks(key))


def marks(key: str) -> list[int]:
    """The marks of a folded name, its legal form left out, and of its pinyin where it is short."""
    core = without_form(key[:LONGEST])
    twice = _TWICE[0] <= len(core) <= _TWICE[-1]
    found = set(_shortened(core, 2 if twice else 1, least=min(len(core), 2)))
    if len(core) <= _SPELT or is_latin(core):
        found.update(_shortened(pinyin(core), 1, least=3))
    return sorted(_hash(told) for told in found if told)


def pinyin(key: str) -> str:
    """The pinyin alone."""
    return "".join(told for told, _ in _syllables(key[:LONGEST]))


def without_form(key: str) -> str:
    """A folded name without its legal form: 澄砺科技有限公司 is 澄砺科技."""
    return key.removesuffix(_form(key))


def sound_without_form(key: str, spelt: str) -> str:
    """The same of its pinyin."""
    return spelt.removesuffix(_sound_of_form(_form(key)))


def _form(key: str) -> str:
    ending = next((form for form in words("legal_forms") if key.endswith(form)), "")
    return ending if len(key) - len(ending) >= 2 else ""


@cache
def _sound_of_form(form: str) -> str:
    return pinyin(form)


def mistakes_allowed(key: str) -> int:
    """How many mistakes a folded name may hold and still be found."""
    return 2 if _TWICE[0] <= len(without_form(key)) <= _TWICE[-1] and not is_latin(key) else 1


def is_latin(key: str) -> bool:
    """Whether a folded name has nothing but Latin letters and digits: it may be pinyin."""
    return _LATIN.fullmatch(key) is not None


def stock_code(typed: str) -> tuple[str, str] | None:
    """The digits of a stock code as the registers have them, and its exchange (SH, SZ, BJ, HK or nothing).

    600036, 600036.SH, sh600036 and 700.HK are codes; None for what is none.
    """
    found = _CODE.fullmatch(fold(typed))
    if found is None or (found["before"] and found["after"]):
        return None
    exchange = (found["before"] or found["after"] or "").upper()
    digits = found["digits"].zfill(5) if exchange == "HK" else found["digits"]
    return (digits, exchange) if len(digits) >= 4 else None


def _syllables(key: str) -> list[tuple[str, bool]]:
    """(letters, whether they stand for themselves) of each character, or of each stretch of others."""
    told = (part.lower() for part in _reader()(key, errors=lambda rest: f"={rest}"))
    parts = ((part.lstrip("="), part.startswith("=")) for part in told)
    return [("".join(_LATIN.findall(part)), whole) for part, whole in parts]


@cache
def _reader() -> Callable[..., list[str]]:
    from pypinyin import lazy_pinyin  # a second and 50 MB, which only those pay who spell

    return lazy_pinyin


def _shortened(text: str, times: int, *, least: int) -> Iterator[str]:
    """A text, and itself less up to `times` characters while at least `least` are left."""
    for gone in range(min(times, len(text) - least) + 1):
        for places in combinations(range(len(text)), gone):
            yield "".join(sign for place, sign in enumerate(text) if place not in places)


def _hash(text: str) -> int:
    return int.from_bytes(crc32(text.encode("utf-8", "replace")).to_bytes(4, "big"), "big", signed=True)

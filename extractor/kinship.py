"""Whether two firm names may name one enterprise: 芜湖予秦半导体科技有限公司, 予秦科技 and 予秦 do.

A name is taken apart into place, core and legal form. Two names are kin when the shorter core's signs stand in the
longer one in order, beginning with the same two (芯碁微装 in 芯碁微电子装备); they are strangers when both are full
legal names that differ in core or place (上海甲科技有限公司, 北京甲科技有限公司).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from extractor.data import table, words
from extractor.fold import fold

_LEGAL = re.compile(r"(?:集团)?(?:股份)?(?:有限责任公司|有限公司|股份公司|集团公司|合伙企业|公司|集团)+$")
_BRACKET = re.compile(r"[(（][^()（）]*[)）]")
_PLACE_SIZES = (6, 5, 4, 3, 2)


@dataclass(frozen=True, slots=True)
class Parts:
    """A name taken apart; `legal` tells a full legal name (a place or a trade before 有限公司)."""

    place: str
    core: str
    legal: bool


@lru_cache(maxsize=50_000)
def parts(name: str) -> Parts:
    """`name` in simplified script, lower case, without blanks and brackets, taken apart."""
    plain = _BRACKET.sub("", fold("".join(name.split())).lower())
    form = _LEGAL.search(plain)
    core = plain[: form.start()] if form else plain
    place = ""
    while found := _leading_place(core):
        place, core = place + found, core[len(found) :]
    return Parts(place, core, bool(form) and "有限" in (form.group() if form else ""))


def _leading_place(core: str) -> str:
    places = table("places", "name", "kind")
    for size in _PLACE_SIZES:
        if len(core) - size >= 2 and core[:size] in places:  # a core keeps two signs: 北京 alone in a name is no prefix
            return core[:size]
    return ""


def stem(name: str) -> str:
    """The first two signs of a name's core: kin share it, so that it finds candidates."""
    return parts(name).core[:2]


@lru_cache(maxsize=200_000)
def kin(one: str, other: str) -> bool:
    """Whether both may name one enterprise."""
    a, b = parts(one), parts(other)
    short, long = (a.core, b.core) if len(a.core) < len(b.core) else (b.core, a.core)
    if len(short) < 2 or not long.startswith(short[:2]) or not in_order(short, long):
        return False
    return not (a.place and b.place and a.legal and b.legal and not _same_place(a.place, b.place))


def alike(one: str, other: str) -> bool:
    """Whether both name one enterprise with nothing else to tell it: kin, and the longer core goes on with a trade.

    予秦 and 予秦半导体科技 are alike; 京东 and 京东方科技 are not.
    """
    short, long = sorted((parts(one).core, parts(other).core), key=len)
    if not long.startswith(short) or not kin(one, other):
        return False
    return len(short) == len(long) or long.startswith(_trades(), len(short))


@cache
def _trades() -> tuple[str, ...]:
    return (*words("firm_suffixes"), *words("firm_suffixes_weak"), *words("trade_words"))


def legal_of(names: Iterable[str]) -> list[str]:
    """The full legal names among them, in order."""
    return sorted(name for name in set(names) if parts(name).legal)


def strangers(ones: Iterable[str], others: Iterable[str]) -> bool:
    """Whether both sides have full legal names of which no two are kin: then they are two enterprises."""
    full = [name for name in others if parts(name).legal]
    named = [name for name in ones if parts(name).legal] if full else []
    if not named:
        return False
    for one in named:
        for other in full:
            if kin(one, other):
                return False
    return True


def _same_place(one: str, other: str) -> bool:
    """上海 and 上海市, 湖北荆门 and 荆门: one place told more or less exactly."""
    short, long = sorted((one, other), key=len)
    return short.rstrip("省市区县") in long


def in_order(short: str, long: str) -> bool:
    """Whether the signs of `short` stand in `long` in their order, with others between them or not."""
    at = 0
    for sign in short:
        at = long.find(sign, at) + 1
        if not at:
            return False
    return True

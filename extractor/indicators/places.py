"""Which region a figure is of: a place told beside it, or 全省 and 全市, which lean on the place told last."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from core import regions
from extractor.indicators.words import Token
from extractor.wordlist import WordList

Path = tuple[str, ...]
_ZONE = re.compile(
    r"[一-龥]{0,3}?(?:高新技术产业开发区|经济技术开发区|工业园区|高新区|经开区|开发区|自贸区|新区|科技城|保税区)"
)
_SUFFIX = ("自治县", "县", "市", "区", "旗")
_CITIES = ("北京", "上海", "天津", "重庆")
_AUTONOMOUS = ("内蒙古", "广西", "西藏", "宁夏", "新疆")
_NO_PLACE = re.compile(r"银行(?!业|机构|系统)|证券|股份|集团|路|大学|学院|队|籍|话|人(?!民)")


@cache
def _finder() -> WordList:
    return WordList({name: name for name, (_, strong) in regions.spellings().items() if strong})


def places(text: str, start: int, end: int) -> Iterator[Token]:
    """The places of a span in order, each told as far down as it goes: (江苏, 苏州, 昆山)."""
    last: Token | None = None
    for first, stop, name in _finder().find(text, start, end):
        if _NO_PLACE.match(text, stop):
            continue
        zone = _ZONE.match(text, stop, end)
        path = _path(name)
        if zone:
            stop, path = zone.end(), (*_above(path), (path[-1] if len(path) > 2 else name) + zone.group())
        if last and first - last.end <= 1 and path[: len(last.value)] == last.value:
            first, last = last.start, None
        if last:
            yield last
        last = Token("place", first, stop, path)
    if last:
        yield last


def _path(name: str) -> Path:
    """A place's own path; a county or district is one step below the city that the list has it in."""
    found = regions.lookup(name)
    assert found is not None
    return found if name.startswith(found[-1]) else (*found, _short(name, found))


def _short(name: str, path: Path) -> str:
    """昆山市 is 昆山, where that is a spelling of it too; 浦东新区 stays."""
    for suffix in _SUFFIX:
        if name.endswith(suffix) and len(name) > len(suffix) + 1 and regions.lookup(name[: -len(suffix)]) == path:
            return name[: -len(suffix)]
    return name


def _above(path: Path) -> Path:
    return path[:2] if path[0] not in _CITIES else path[:1]


def widened(level: str, path: Path) -> Path | None:
    """What 全省 (all1), 全市 (all2), 全县 (all3), 全区 (all4) or 辖内 (all0) mean after a place, if anything."""
    if level == "all0":
        return path
    if level == "all1" or (level == "all4" and path[0] in _AUTONOMOUS):
        return path[:1] if path[0] not in _CITIES else None
    if level == "all2":
        return path[:1] if path[0] in _CITIES else path[:2] if len(path) > 1 else None
    return path if len(path) > 2 or (len(path) > 1 and path[0] in _CITIES) else None

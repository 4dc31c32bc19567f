"""The numbers of figures: sums from the catalogue's marks, heads (3.98万户) and percentages (33.66%, 四成, 翻番)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from extractor.indicators.words import Token
from extractor.model import Amount
from extractor.recognisers import Mark

_BEFORE = re.compile(
    r"(?:不低于|不少于|不超过|至少|超过|超出|超|逾|突破|越过|过了|(?<!扶)过|高达|将近|接近|大约|约为|约|近)\Z"
)
_LONGEST_BEFORE = 3
_COUNT = re.compile(
    r"(?P<number>[\d上](?:(?<=上)|(?<!上)(?:\d{0,2}(?:,\d{3})+|\d{0,8}(?:\.\d{1,4})?)))"
    r"(?P<more>余|多)?(?P<scale>[百千万])?(?P<more2>余|多)?(?P<unit>户|家|笔|件)(?P<after>以上|左右|上下|出头|有余)?"
)
_HEADS = re.compile(
    r"(?P<number>\d\d{0,2}(?:\.\d{1,4})?)(?P<more>余|多)?(?P<scale>万)(?![亿元户家笔件])(?P<more2>余|多)?"
)
_PERCENT = re.compile(
    r"(?P<number>\d\d{0,3}(?:\.\d{1,4})?)(?P<more>余|多)?%(?P<after>以上|以内|以下|左右|上下|出头|有余|多)?"
)
_TENTHS = re.compile(
    r"(?P<number>[一二两三四五六七八九])(?:成(?P<tail>半)?|(?P<times>倍))"
    r"(?P<after>以上|左右|上下|出头|有余|多)?(?!立|为|果|本|员|长|交|功|熟)"
)
_TIMES = re.compile(r"(?P<number>\d\d?(?:\.\d{1,3})?)倍(?P<after>以上|左右|多)?")
_DOUBLE = re.compile(r"翻(?:了)?(?:一番|番|倍|了番)")
"""Each begins with its number, as `re` skips to its first sign; the word before it (超过, 近) is looked for there."""
_MORE = {"余": "about", "多": "about", "出头": "about", "有余": "about", "左右": "about", "上下": "about"}
_QUALIFIERS = {
    **dict.fromkeys(
        ("不低于", "不少于", "至少", "超过", "超出", "超", "逾", "突破", "越过", "过了", "过", "高达"), "at_least"
    ),
    **dict.fromkeys(("将近", "接近", "大约", "约为", "约", "近"), "about"),
    **dict.fromkeys(("以上",), "at_least"),
    **dict.fromkeys(("不超过", "以内", "以下"), "at_most"),
    **_MORE,
}
_SCALES = {"百": 10**2, "千": 10**3, "万": 10**4}
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_REACHED = re.compile(r"(?:过了|越过|迈过|跨过|站上|突破|超过|逾|超|过)\Z")
_LIMITED = re.compile(r"(?:压在|控制在|降到|降至|低于|保持在|稳定在)\Z")


class Number(NamedTuple):
    """A number told: `value` in units of `unit` (a currency's code, count, percent), with its qualifier."""

    value: float
    unit: str
    qualifier: str
    noun: str = ""


_TWICE = Number(100.0, "percent", "exact")


def numbers(text: str, start: int, end: int, sums: Iterable[Mark]) -> list[Token]:
    """The numbers of a span; `sums` are its marks of money."""
    told = [Token("sum", mark.start, mark.end, number) for mark in sums if (number := _sum(mark, text))]
    signs = set(text[start:end])
    for kind, pattern, needed, read in _READERS:
        if not needed.isdisjoint(signs):  # most spans hold no sign that each match of a pattern holds
            for match in pattern.finditer(text, start, end):
                before = _BEFORE.search(text, max(start, match.start() - _LONGEST_BEFORE), match.start())
                if number := read(match, before.group() if before else ""):
                    told.append(Token(kind, before.start() if before else match.start(), match.end(), number))
    if "翻" in signs:
        told += (Token("percent", *match.span(), _TWICE) for match in _DOUBLE.finditer(text, start, end))
    return told


def _sum(mark: Mark, text: str) -> Number | None:
    amount: Amount = mark.value
    if amount.qualifier == "range":
        return None
    value = amount.max if amount.min is None else amount.min
    if value is None:
        return None
    over = amount.qualifier == "exact" and _REACHED.search(text, max(0, mark.start - 2), mark.start)
    return Number(value, amount.currency, "at_least" if over else amount.qualifier)


def _count(match: re.Match[str], before: str) -> Number | None:
    if match["number"] == "上":
        return Number(_SCALES[match["scale"]], "count", "at_least", match["unit"]) if match["scale"] else None
    return _told(match, before, _value(match["number"], match["scale"]), "count", match["unit"])


def _heads(match: re.Match[str], before: str) -> Number:
    return _told(match, before, _value(match["number"], match["scale"]), "count")


def _percent(match: re.Match[str], before: str) -> Number:
    number = _told(match, before, _value(match["number"], None), "percent")
    first = match.start() - len(before)
    if match["after"] in ("以内", "以下") or _LIMITED.search(match.string, max(0, first - 3), first):
        return Number(number.value, "percent", "at_most" if match["after"] else number.qualifier)
    return number


def _tenths(match: re.Match[str], before: str) -> Number:
    value = _DIGITS[match["number"]] * (100 if match["times"] else 10) + (5 if match["tail"] else 0)
    return _told(match, before, value, "percent")


def _times(match: re.Match[str], before: str) -> Number:
    return _told(match, before, float(match["number"]) * 100, "percent")


def _value(numeral: str, scale: str | None) -> float:
    value = float(numeral.replace(",", "")) * _SCALES.get(scale or "", 1)
    return round(value) if abs(value - round(value)) < 1e-6 else value


def _told(match: re.Match[str], before: str, value: float, unit: str, noun: str = "") -> Number:
    told = match.groupdict()
    word = before or told.get("after") or told.get("more") or told.get("more2") or ""
    return Number(value, unit, _QUALIFIERS.get(word, "exact"), noun)


_READERS: tuple[tuple[str, re.Pattern[str], frozenset[str], Callable[[re.Match[str], str], Number | None]], ...] = (
    ("count", _COUNT, frozenset("户家笔件"), _count),
    ("heads", _HEADS, frozenset("万"), _heads),
    ("percent", _PERCENT, frozenset("%"), _percent),
    ("percent", _TENTHS, frozenset("成倍"), _tenths),
    ("percent", _TIMES, frozenset("倍"), _times),
)
"""Of each pattern the kind of what it finds, the signs of which each match holds one, and what a match says."""

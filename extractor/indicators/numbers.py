"""The numbers of figures: sums from the catalogue's marks, heads (3.98万户) and percentages (33.66%, 四成, 翻番)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from extractor.indicators.words import Token, found
from extractor.model import Amount
from extractor.recognisers import Mark

_BEFORE = (
    r"(?P<before>不低于|不少于|不超过|至少|超过|超出|超|逾|突破|越过|过了|(?<!扶)过|高达|将近|接近|大约|约为|约|近)?"
)
_COUNT = re.compile(
    _BEFORE
    + r"(?P<number>\d{1,3}(?:,\d{3})+|\d{1,9}(?:\.\d{1,4})?|上)(?P<more>余|多)?(?P<scale>[百千万])?(?P<more2>余|多)?"
    r"(?P<unit>户|家|笔|件)(?P<after>以上|左右|上下|出头|有余)?"
)
_HEADS = re.compile(
    _BEFORE + r"(?P<number>\d{1,3}(?:\.\d{1,4})?)(?P<more>余|多)?(?P<scale>万)(?![亿元户家笔件])(?P<more2>余|多)?"
)
_PERCENT = re.compile(
    _BEFORE + r"(?P<number>\d{1,4}(?:\.\d{1,4})?)(?P<more>余|多)?%(?P<after>以上|以内|以下|左右|上下|出头|有余|多)?"
)
_TENTHS = re.compile(
    _BEFORE + r"(?P<number>[一二两三四五六七八九])(?:成(?P<tail>半)?|(?P<times>倍))"
    r"(?P<after>以上|左右|上下|出头|有余|多)?(?!立|为|果|本|员|长|交|功|熟)"
)
_TIMES = re.compile(
    _BEFORE + r"(?P<number>\d{1,2}(?:\.\d{1,3})?)倍(?P<after>以上|左右|多)?|翻(?:了)?(?:一番|番|倍|了番)"
)
_COUNTED, _TEN_THOUSAND, _OF_HUNDRED, _SHARED, _DOUBLED = map(frozenset, ("户家笔件", "万", "%", "成倍", "倍番"))
"""One of its signs is in each match of a pattern, in their order."""
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


def numbers(text: str, start: int, end: int, sums: Iterable[Mark]) -> Iterator[Token]:
    """The numbers of a span; `sums` are its marks of money."""
    for mark in sums:
        if number := _sum(mark.value, text, mark.start):
            yield Token("sum", mark.start, mark.end, number)
    here = set(text[start:end])
    for match in found(_COUNT, _COUNTED, here, text, start, end):
        if number := _count(match):
            yield Token("count", match.start(), match.end(), number)
    for match in found(_HEADS, _TEN_THOUSAND, here, text, start, end):
        yield Token("heads", match.start(), match.end(), _told(match, _value(match["number"], match["scale"]), "count"))
    yield from _percents(here, text, start, end)


def _sum(amount: Amount, text: str, start: int) -> Number | None:
    if amount.qualifier == "range":
        return None
    value = amount.max if amount.min is None else amount.min
    if value is None:
        return None
    over = amount.qualifier == "exact" and _REACHED.search(text, max(0, start - 2), start)
    return Number(value, amount.currency, "at_least" if over else amount.qualifier)


def _count(match: re.Match[str]) -> Number | None:
    if match["number"] == "上":
        return Number(_SCALES[match["scale"]], "count", "at_least", match["unit"]) if match["scale"] else None
    return _told(match, _value(match["number"], match["scale"]), "count", match["unit"])


def _percents(here: set[str], text: str, start: int, end: int) -> Iterator[Token]:
    for match in found(_PERCENT, _OF_HUNDRED, here, text, start, end):
        number = _told(match, _value(match["number"], None), "percent")
        if match["after"] in ("以内", "以下") or _LIMITED.search(text, max(0, match.start() - 3), match.start()):
            number = Number(number.value, "percent", "at_most" if match["after"] else number.qualifier)
        yield Token("percent", match.start(), match.end(), number)
    for match in found(_TENTHS, _SHARED, here, text, start, end):
        value: float = _DIGITS[match["number"]] * (100 if match["times"] else 10) + (5 if match["tail"] else 0)
        yield Token("percent", match.start(), match.end(), _told(match, value, "percent"))
    for match in found(_TIMES, _DOUBLED, here, text, start, end):
        value = float(match["number"]) * 100 if match["number"] else 100.0
        yield Token("percent", match.start(), match.end(), _told(match, value, "percent"))


def _value(numeral: str, scale: str | None) -> float:
    value = float(numeral.replace(",", "")) * _SCALES.get(scale or "", 1)
    return round(value) if abs(value - round(value)) < 1e-6 else value


def _told(match: re.Match[str], value: float, unit: str, noun: str = "") -> Number:
    word = next(filter(None, map(match.groupdict().get, ("before", "after", "more", "more2"))), "")
    return Number(value, unit, _QUALIFIERS.get(word, "exact"), noun)

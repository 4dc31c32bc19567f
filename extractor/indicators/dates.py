"""The end or period that a figure is of: 2024年三季度末 and 去年9月末 are months, 上半年 a half, 今年以来 runs on."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from core.periods import span
from extractor.indicators.words import Token
from extractor.recognisers import Mark

_RUNNING = re.compile(
    r"[前1](?:(?<=前)(?:三季度|[一二两三四五六七八九十\d]{1,2}个?月)|(?<=1)(?:月份?)?[-至—~到](?P<last>1[0-2]|[2-9])月份?)"
)
"""It begins with one of two signs, to which `re` skips; its year is looked for there."""
_YEAR = re.compile(r"(?:今年|去年|上年|20\d{2}年)\Z")
_LONGEST_YEAR = 5
_SINCE_START = re.compile(r"今年以来|今年来|年初以来|年初至今|年内")
_UNTIL = re.compile(r"(?:截至|截止|截止到|到|至)\Z")
_BARE_END = re.compile(r"截[至止]到?(?P<month>1[0-2]|[1-9])月[末底]?")
_QUARTER = re.compile(r"[一二三四](?<![前第年到至一二三四].)季度(?P<end>末)?")
_NOW = re.compile(r"目前|眼下|如今|现已|截至发稿|到现在|现有")
_SIGNS = frozenset("月季截年目眼如现")
"""One of them is in each match of the patterns above."""
_BASE = re.compile(r"(?:比|较|与|对比|相比|比起)\Z")
_SINCE = re.compile(r"以来|起|设立|成立|启动|推出|上线|创设|试点|以前|披露|发布|印发|出台")
_MONTHS = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2}


@dataclass(frozen=True, slots=True)
class When:
    """A date as told (2024-09, 2024-H1, 2024); whether it runs from the year's start; whether it is an end (截至)."""

    told: str
    running: bool = False
    until: bool = False


def dates(text: str, start: int, end: int, marks: Iterable[Mark], today: date | None) -> Iterator[Token]:
    """The dates of a span that a figure may be of (kind date), and those that a change is measured from (kind base)."""
    running = [*_running(text, start, end, today)]
    yield from running
    for mark in marks:
        inside = running and any(token.start <= mark.start < token.end for token in running)
        if inside or _SINCE.match(text, mark.end):
            continue
        if _BASE.search(text, max(start, mark.start - 2), mark.start):
            yield Token("base", mark.start, mark.end, _base_of(str(mark.value)))
        elif not _is_future(str(mark.value), today):
            until = _UNTIL.search(text, max(start, mark.start - 3), mark.start) or text[mark.end - 1] in "末底"
            yield Token("date", mark.start, mark.end, When(str(mark.value), until=bool(until)))
        else:
            yield Token("plan", mark.start, mark.end, "plan")


def _running(text: str, start: int, end: int, today: date | None) -> Iterator[Token]:
    signs = set(text[start:end])
    if today is None or _SIGNS.isdisjoint(signs):
        return
    for match in _RUNNING.finditer(text, start, end):
        before = _YEAR.search(text, max(start, match.start() - _LONGEST_YEAR), match.start())
        month = _month(match)
        year = _year(before.group() if before else None, today, month)
        if 1 <= month <= 12:
            first = (before or match).start()
            yield Token("date", first, match.end(), When(f"{year}-{month:02}", running=True))
    for match in _BARE_END.finditer(text, start, end) if "截" in signs else ():
        month = int(match["month"])
        told = f"{today.year - (month > today.month)}-{month:02}"
        yield Token("date", match.start("month"), match.end(), When(told, until=True))
    for match in _QUARTER.finditer(text, start, end) if "季" in signs else ():
        quarter = _MONTHS[match.group()[0]]
        year = _year(None, today, quarter * 3 - 2)
        told = f"{year}-{quarter * 3:02}" if match["end"] else f"{year}-Q{quarter}"
        yield Token("date", match.start(), match.end(), When(told, until=bool(match["end"])))
    for match in _SINCE_START.finditer(text, start, end) if "年" in signs else ():
        yield Token("date", match.start(), match.end(), When(today.isoformat()[:7], running=True))
    for match in _NOW.finditer(text, start, end):
        yield Token("date", match.start(), match.end(), When(today.isoformat()[:7]))


def _month(match: re.Match[str]) -> int:
    if match["last"]:
        return int(match["last"])
    if match.group() == "前三季度":
        return 9
    told = match.group()[1:].rstrip("月").rstrip("个")
    if told.isdecimal():
        return int(told)
    return 10 + _MONTHS.get(told[1:], 0) if told[0] == "十" else _MONTHS[told[0]]


def _year(told: str | None, today: date, month: int) -> int:
    if told and told[0] == "2":
        return int(told[:4])
    if told in ("去年", "上年"):
        return today.year - 1
    return today.year if told or month <= today.month else today.year - 1


def _base_of(told: str) -> str:
    return "year_start" if told[5:] in ("01", "12", "01-01", "12-31") else "year_before"


def _is_future(told: str, today: date | None) -> bool:
    spanned = span(told)
    return today is not None and spanned is not None and spanned[0] > today


def settled(when: When | None, *, flow: bool, summed: bool) -> tuple[str | None, date | None, str]:
    """Date, last day and period of a figure: a stock stands at its period's end (2024 is 2024-12, 2024-Q3 2024-09)."""
    if when is None:
        return None, None, "cumulative" if flow else "end"
    told = when.told
    spanned = span(told)
    last = spanned[1] if spanned else None
    if flow:
        return told, last, "year_to_date" if when.running else "cumulative" if summed or when.until else "during"
    if last is not None and (len(told) < 10 or last.day == monthrange(last.year, last.month)[1]):
        told = last.isoformat()[:7]
    return told, last, "end"

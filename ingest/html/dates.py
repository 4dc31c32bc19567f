"""Dates as Chinese pages write them: in a line, in an address, and without a year beside a link."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ingest.times import read_time

_DAY = r"(?<!\d)(?P<y>(?:19|20)\d\d)\s?(?P<mark>[-/.年])\s?(?P<m>[01]?\d)\s?[-/.月]\s?(?P<d>[0-3]?\d)(?!\d)\s?日?"
_TIME = r"(?:[\sT　]*(?:上午|下午)?(?P<h>[0-2]?\d)\s?[:：时時]\s?(?P<min>[0-5]\d)(?:\s?[:：分]\s?(?P<s>[0-5]\d))?)?"
_OFFSET = r"(?P<zone>(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d))?"
_DATE = re.compile(_DAY + _TIME + _OFFSET)
_COMPACT = re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)")
_IN_PATH = (
    re.compile(r"[/_t](?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?=[_/.\-]|\d{4,}|$)"),
    re.compile(r"/(?P<y>20\d\d)[-/_]?(?P<m>0?[1-9]|1[0-2])[-/_](?P<d>0?[1-9]|[12]\d|3[01])(?=[/_.\-])"),
    re.compile(r"/(?P<y>20\d\d)[-/](?P<m>0?[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?=[/_.\-])"),
)
_SHORT = re.compile(
    r"(?<![\d.\-/月])(?P<m>0?[1-9]|1[0-2])\s?[-/.月]\s?(?P<d>[12]\d|3[01]|0?[1-9])(?![\d.\-/%万亿元])\s?日?"
    r"(?:\s+(?P<h>[0-2]?\d)[:：](?P<min>[0-5]\d)(?:[:：][0-5]\d)?)?"
)
_YEAR_AND_MONTH = re.compile(r"(?P<y>20\d\d)\s?[-/.年]\s?(?P<m>0?[1-9]|1[0-2])\s?月?")
_YEAR = re.compile(r"(?P<y>20\d\d)\s?年?")
_MONTH = re.compile(r"(?P<m>0?[1-9]|1[0-2])\s?月")
_DAY_ALONE = re.compile(r"(?P<d>0?[1-9]|[12]\d|3[01])\s?日?")
_ONLY_DATE = re.compile(
    r"(?:(?:19|20)\d\d\s?[-/.年]?\s?)?(?:[01]?\d\s?[-/.月]?\s?)?(?:[0-3]?\d\s?日?)?(?:[T\s]*\d{1,2}[:：]\d\d(?:[:：]\d\d)?)?"
)


class Told(NamedTuple):
    """A date as told: `year` None where it is left out; `hour` None where only a day is told; `span` where it stood."""

    year: int | None
    month: int
    day: int
    hour: int | None = None
    minute: int = 0
    second: int = 0
    offset: str = ""
    span: tuple[int, int] = (0, 0)

    def moment(self, zone: ZoneInfo, year: int | None = None) -> datetime | None:
        """In UTC; None without a year, or where there is no such day."""
        year = self.year or year
        if year is None:
            return None
        day = f"{year:04}-{self.month:02}-{self.day:02}"
        return read_time(f"{day} {self.hour or 0:02}:{self.minute:02}:{self.second:02}{self.offset}", zone)


def find_date(text: str) -> Told | None:
    """The first whole date of a line, with its time if that follows."""
    found = _DATE.search(text)
    return _told(found) if found else None


def find_compact(text: str) -> Told | None:
    """A date as eight digits on their own."""
    found = _COMPACT.search(text)
    return _told(found) if found else None


def find_short(text: str) -> Told | None:
    """The first month and day without a year (03-01, 3月1日)."""
    found = _SHORT.search(text)
    return _told(found) if found else None


def find_parts(pieces: Sequence[str]) -> Told | None:
    """A date in pieces of text of their own: `12` and `2026-03`, `03-12` and `2026`, `3月`, `12` and maybe a year."""
    year = month = day = None
    for piece in pieces:
        if both := _YEAR_AND_MONTH.fullmatch(piece):
            year, month = int(both["y"]), int(both["m"])
        elif one := _YEAR.fullmatch(piece):
            year = int(one["y"])
        elif one := _MONTH.fullmatch(piece):
            month = int(one["m"])
        elif (short := _SHORT.fullmatch(piece)) and day is None:
            month, day = int(short["m"]), int(short["d"])
        elif (one := _DAY_ALONE.fullmatch(piece)) and day is None:
            day = int(one["d"])
    return Told(year, month, day) if month and day else None


def date_in_url(url: str) -> Told | None:
    """The day that an address names (/202603/t20260301_12.html, /2026/03/01/, /2026-03/01/)."""
    path = url.partition("?")[0]
    found = next(filter(None, (pattern.search(path) for pattern in _IN_PATH)), None)
    return _told(found) if found else None


def _told(found: re.Match[str]) -> Told:
    given = found.groupdict()
    year, hour = given.get("y"), given.get("h")
    after_noon = hour is not None and "下午" in found[0] and int(hour) < 12
    return Told(
        year=int(year) if year else None,
        month=int(given["m"]),
        day=int(given["d"]),
        hour=None if hour is None else int(hour) + 12 * after_noon,
        minute=int(given.get("min") or 0),
        second=int(given.get("s") or 0),
        offset=re.sub(r"^\.\d+", "", given.get("zone") or ""),
        span=found.span(),
    )


def find_year(text: str) -> Told | None:
    """A year that is all of a line, as its last day."""
    found = _YEAR.fullmatch(text)
    return Told(int(found["y"]), 12, 31) if found else None


def is_date(text: str) -> bool:
    """Whether a piece of text is a date, or a part of one, and nothing else."""
    return _ONLY_DATE.fullmatch(text.strip(" []()【】（）\u3000|·")) is not None

"""Dates as told (2024, 2024-12, 2024-12-03, 2024-Q3, 2024-H1) and the days that they span."""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

_PERIOD = re.compile(r"(\d{4})(?:-(?:Q([1-4])|H([12])|(\d{2})(?:-(\d{2}))?))?")


@lru_cache(maxsize=4096)  # the same days come again in article after article
def span(told: str | None) -> tuple[date, date] | None:
    """First and last day of a told date; None for none and for what is no date."""
    found = _PERIOD.fullmatch(told or "")
    if not found:
        return None
    year, quarter, half, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        if quarter:
            return date(year, quarter * 3 - 2, 1), _last(year, quarter * 3)
        if half:
            return date(year, half * 6 - 5, 1), _last(year, half * 6)
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            return date(year, month, 1), _last(year, month)
        return date(year, month, day), date(year, month, day)
    except ValueError:
        return None


def precision(told: str | None) -> int:
    """How exact a told date is, in days spanned, negated: the larger the more exact; far below all for none."""
    spanned = span(told)
    return -(spanned[1] - spanned[0]).days if spanned else -10_000


def _last(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])

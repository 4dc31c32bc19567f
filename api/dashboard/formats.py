"""Figures as readers of a language write them: sums, dates, moments, shares. Filters of every template."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from api.dashboard.wording import Words
from core.clock import SHANGHAI, as_utc, now, read_moment

Number = int | float | Decimal
_SPANS = ((86400, "days"), (3600, "hours"), (60, "minutes"))


class Formats:
    """The forms of one language. Nothing told is the word `format.none`, a dash."""

    def __init__(self, t: Words) -> None:
        self._t = t
        self._none = t("format.none")
        pairs = (pair.split() for pair in t("format.scales").split(","))
        self._group = t("format.group")
        self._scales = [(int(size), word) for size, word in pairs]

    def number(self, value: Number | None, digits: int = 0) -> str:
        """1,234 or, with digits, 1,234.5."""
        return self._none if value is None else f"{value:,.{digits}f}"

    def percent(self, share: Number | None, digits: int = 0) -> str:
        """A share of 1 as a percentage."""
        return self._none if share is None else f"{share * 100:.{digits}f}%"

    def sum(self, value: Number | None, currency: str) -> str:
        """A sum in units of its currency, scaled to what a reader can take in: 1.2亿元, CNY 120m."""
        if value is None:
            return self._none
        return self._t("format.sum", value=self._scaled(value), currency=self._named(currency))

    def money(self, amount: Mapping[str, Any] | None) -> str:
        """An event's amount as core/views.py gives it, with how exact it is: 约3000万元, about CNY 30m."""
        if amount is None:
            return self._none
        low, high, currency = amount["min"], amount["max"], amount["currency"]
        if low is not None and high is not None and low != high:
            ends = {"low": self._scaled(low), "high": self._scaled(high)}
            return self._t("format.range", **ends, currency=self._named(currency))
        told = self.sum(low if low is not None else high, currency)
        qualifier = amount.get("qualifier") or "exact"
        return self._t(f"format.qualifier.{qualifier}", sum=told)

    def term(self, months: int | None) -> str:
        """A term in months, as years where it is whole ones."""
        if months is None:
            return self._none
        return self._t("format.years", n=months // 12) if months % 12 == 0 else self._t("format.months", n=months)

    def period(self, told: str | None) -> str:
        """An event's date with the precision told: 2026-03-12, 2026-03, 2026-Q1, 2026-H1, 2026."""
        if not told:
            return self._none
        year, _, rest = told.partition("-")
        if rest[:1] in ("Q", "H"):
            return self._t(f"format.part_of_year.{rest}", year=year)
        parts = [int(part) for part in told.split("-")]
        return self.day(dt.date(*parts)) if len(parts) == 3 else self._month(parts)

    def day(self, value: dt.date | str | None) -> str:
        """A day; of a moment, that in China."""
        if not value:
            return self._none
        found = value if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else _local(value).date()
        return self._t("format.day", year=found.year, month=self._name(found.month), day=found.day)

    def moment(self, value: dt.datetime | str | None) -> str:
        """Day and time in China."""
        return f"{self.day(value)} {self.clock(value)}" if value else self._none

    def clock(self, value: dt.datetime | str | None) -> str:
        """The time of day in China: 08:05."""
        return f"{_local(value):%H:%M}" if value else self._none

    def short(self, value: dt.datetime | str | None) -> str:
        """Day and time in China, without the year where it is this one's."""
        if not value:
            return self._none
        found = _local(value)
        if found.year != _local(now()).year:
            return self.moment(found)
        day = self._t("format.short", month=self._name(found.month), day=found.day)
        return f"{day} {found:%H:%M}"

    def seconds(self, value: Number | None) -> str:
        """A span of time in its largest unit that fits."""
        if value is None:
            return self._none
        for size, unit in _SPANS:
            if value >= size:
                return self._t(f"format.{unit}", n=f"{float(value) / size:.1f}".removesuffix(".0"))
        return self._t("format.seconds", n=round(value))

    def _month(self, parts: list[int]) -> str:
        if len(parts) == 1:
            return self._t("format.year", year=parts[0])
        return self._t("format.month", year=parts[0], month=self._name(parts[1]))

    def _name(self, month: int) -> str:
        return self._t(f"format.months_of_year.m{month}")

    def _named(self, currency: str) -> str:
        return self._t.maybe(f"format.currency.{currency}", currency)

    def _scaled(self, value: Number) -> str:
        plain = float(value)
        for size, word in self._scales:
            if abs(plain) >= size:
                return self._short(plain / size) + word
        return self._short(plain)

    def _short(self, value: float) -> str:
        """Up to four decimals, without needless zeros."""
        return f"{value:,.4f}".rstrip("0").rstrip(".").replace(",", self._group)


def _local(value: dt.date | str) -> dt.datetime:
    moment = read_moment(value) if isinstance(value, str) else value
    assert isinstance(moment, dt.datetime)
    return as_utc(moment).astimezone(SHANGHAI)


def of(t: Words) -> dict[str, Callable[..., str]]:
    """The filters by name."""
    made = Formats(t)
    names = ("number", "percent", "sum", "money", "term", "period", "day", "moment", "clock", "short", "seconds")
    return {name: getattr(made, name) for name in names}

"""Rates at which sums of several currencies are made one: those that the caller states, or a day of data/rates.csv."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from api.errors import Invalid

DATA = Path(__file__).parent / "data" / "rates.csv"
HOME = "CNY"
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Rate:
    """One unit of `currency` is `rate` units of the currency converted to; `day` None where the caller states it."""

    currency: str
    rate: Decimal
    day: date | None


@dataclass(frozen=True)
class Rates:
    """What sums are converted to, and at which rates; `to` None leaves currencies apart."""

    to: str | None
    rates: tuple[Rate, ...] = ()

    def of(self, currency: str) -> Decimal | None:
        """The worth of one unit, None where no rate is known."""
        if currency == self.to:
            return Decimal(1)
        return next((one.rate for one in self.rates if one.currency == currency), None)

    def converted(self, amounts: Mapping[str, Decimal]) -> Decimal:
        """The amounts by currency as one, to the cent; those without a rate are left out."""
        known = ((self.of(currency), amount) for currency, amount in amounts.items())
        return sum((rate * amount for rate, amount in known if rate is not None), Decimal(0)).quantize(_CENT)


@cache
def table() -> dict[date, dict[str, Decimal]]:
    """Each day's worth of currencies in CNY, the oldest day first."""
    days: dict[date, dict[str, Decimal]] = {}
    with DATA.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            days.setdefault(date.fromisoformat(row["day"]), {HOME: Decimal(1)})[row["currency"]] = Decimal(row["cny"])
    return dict(sorted(days.items()))


def rates(to: str | None, stated: Sequence[tuple[str, Decimal]], day: date | None) -> Rates:
    """The rates that a request means: where it states some, these and no others, unless it names a day as well.

    Invalid where the table has no such day, or cannot convert to that currency.
    """
    if to is None and not stated and day is None:
        return Rates(None)
    target = to or HOME
    own = {currency: Rate(currency, rate, None) for currency, rate in stated}
    known = _of_day(target, day) if day or not stated else {}
    return Rates(target, tuple({**known, **own}.values()))


def _of_day(to: str, day: date | None) -> dict[str, Rate]:
    chosen = day or max(table())
    if chosen not in table():
        raise Invalid.at("query.rates", f"no rates of {chosen} are known; known are {', '.join(map(str, table()))}")
    worth = table()[chosen]
    if to not in worth:
        raise Invalid.at("query.convert", f"no rate of {to} is known for {chosen}: state rates yourself (rate=USD:7.1)")
    return {one: Rate(one, worth[one] / worth[to], chosen) for one in worth if one != to}

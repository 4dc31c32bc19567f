"""Figures out of what the database adds up: pure functions."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from api.resources.stats.money import Rates

Key = tuple[Any, ...]
TOTAL: Any = ...  # stands in a key for what is totalled: no event has it


@dataclass
class Sum:
    """Sums of one currency: how many, from `least` to `most`, how many told how, and the part that banks share."""

    count: int = 0
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(0)
    at_least: int = 0
    at_most: int = 0
    about: int = 0
    shared_least: Decimal = Decimal(0)
    shared_most: Decimal = Decimal(0)

    def add(self, row: Any) -> None:
        """Take a row of events of this currency in."""
        self.count += row.number
        self.least += row.least
        self.most += row.most
        self.at_least += row.at_least
        self.at_most += row.at_most
        self.about += row.about
        if row.shared:
            self.shared_least += row.least
            self.shared_most += row.most

    def view(self, currency: str) -> dict[str, Any]:
        """As the API answers it."""
        return {
            "currency": currency,
            "count": self.count,
            "min": self.least,
            "max": self.most,
            "at_least": self.at_least,
            "at_most": self.at_most,
            "about": self.about,
            "shared_min": self.shared_least,
            "shared_max": self.shared_most,
        }


@dataclass
class Figures:
    """What the events of one key add up to."""

    count: int = 0
    shared: int = 0
    without_amount: int = 0
    undated: int = 0
    sums: dict[str, Sum] = field(default_factory=lambda: defaultdict(Sum))

    def add(self, row: Any) -> None:
        """Take a row of events of one currency in."""
        self.count += row.number
        self.undated += row.undated
        self.shared += row.number if row.shared else 0
        if row.currency is None:
            self.without_amount += row.number
        else:
            self.sums[row.currency].add(row)

    def converted(self, rates: Rates) -> Sum:
        """All that has a rate as one sum."""
        known = {currency: one for currency, one in self.sums.items() if rates.of(currency) is not None}
        total = Sum()
        for name in ("least", "most", "shared_least", "shared_most"):
            setattr(total, name, rates.converted({currency: getattr(one, name) for currency, one in known.items()}))
        for name in ("count", "at_least", "at_most", "about"):
            setattr(total, name, sum(getattr(one, name) for one in known.values()))
        return total

    def view(self, rates: Rates) -> dict[str, Any]:
        """As the API answers it; sums in the order of their number, then of their currency."""
        ordered = sorted(self.sums.items(), key=lambda item: (-item[1].count, item[0]))
        return {
            "count": self.count,
            "shared": self.shared,
            "without_amount": self.without_amount,
            "undated": self.undated,
            "sums": [one.view(currency) for currency, one in ordered],
            "converted": self.converted(rates).view(rates.to) if rates.to else None,
        }


def fold(found: Iterable[Any], keys: int) -> dict[Key, Figures]:
    """The figures of each key of `keys` parts and of each total (store.cells), where TOTAL stands for what
    is totalled."""
    figures: dict[Key, Figures] = defaultdict(Figures)
    bits = [1 << number for number in reversed(range(keys))]
    for row in found:
        level = row.level
        key = (
            row[:keys]
            if not level
            else tuple(TOTAL if level & bit else one for bit, one in zip(bits, row, strict=False))
        )
        figures[key].add(row)
    figures[(TOTAL,) * keys]  # is there, though nothing counts
    return figures


def without_rate(total: Figures, rates: Rates) -> list[str]:
    """The currencies that a conversion leaves out."""
    return sorted(currency for currency in total.sums if rates.to and rates.of(currency) is None)


def largest(figures: Iterable[tuple[Any, Figures]]) -> list[tuple[Any, Figures]]:
    """By number, then by key; what tells none comes last."""
    return sorted(figures, key=lambda item: (item[0] is None, -item[1].count, str(item[0])))

"""Periods that events are counted in: years, halves, quarters and months, written as the dates of events are."""

import re
from datetime import date
from typing import NamedTuple, Self

from core.periods import span

_FORM = re.compile(r"([0-9]{4})(?:-(?:(H)([12])|(Q)([1-4])|()(0[1-9]|1[0-2])))?")
_PARTS = {"": 12, "H": 2, "Q": 4}  # how many of them a year has
UNITS = ("month", "quarter", "year")


class Period(NamedTuple):
    """The `number`th (from 0) part of a year that has `parts` of them."""

    year: int
    parts: int
    number: int

    @classmethod
    def read(cls, text: str) -> Self:
        """2026, 2026-H1, 2026-Q1 or 2026-03; ValueError for any other text."""
        found = _FORM.fullmatch(text)
        if not found or text < "1900":
            raise ValueError(f"{text!r} is no period since 1900: write 2026, 2026-H1, 2026-Q1 or 2026-03")
        year, *pairs = found.groups()
        letter, number = next(((pairs[i], pairs[i + 1]) for i in (0, 2, 4) if pairs[i + 1]), (None, "1"))
        return cls(int(year), 1 if letter is None else _PARTS[letter or ""], int(number) - 1)

    @classmethod
    def at(cls, day: date, unit: str) -> Self:
        """The month, quarter or year that `day` is in."""
        parts = {"month": 12, "quarter": 4, "year": 1}[unit]
        return cls(day.year, parts, (day.month - 1) * parts // 12)

    def __str__(self) -> str:
        form = {1: "", 2: f"-H{self.number + 1}", 4: f"-Q{self.number + 1}", 12: f"-{self.number + 1:02}"}
        return f"{self.year:04}{form[self.parts]}"

    @property
    def days(self) -> tuple[date, date]:
        """Its first and its last day."""
        found = span(str(self))
        assert found
        return found

    def before(self) -> Self:
        """The period before it, as long."""
        year, number = divmod(self.year * self.parts + self.number - 1, self.parts)
        return type(self)(year, self.parts, number)

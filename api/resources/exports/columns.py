"""The columns of a table, and how their values are written where a format knows text and numbers only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from core import views

Item = dict[str, Any]
"""One row as the list of its resource answers it."""


class Kind(Enum):
    """What a column holds. A value may always be None, where nothing was told."""

    TEXT = "text"
    WORDS = "words"  # a list of texts
    MONEY = "money"  # Decimal, in units of a currency that stands in another column
    WHOLE = "whole"  # int
    SHARE = "share"  # float, 0 to 1
    FLAG = "flag"  # bool
    MOMENT = "moment"  # datetime in UTC


@dataclass(frozen=True)
class Column:
    """One column: its name, what it holds, and where that stands in an item. `words`: which words tell its slugs."""

    name: str
    kind: Kind
    value: Callable[[Item], Any]
    words: str | None = None


@dataclass(frozen=True)
class Sheet:
    """A table to be written: `title` for people, `headings` above the columns, in their order."""

    title: str
    columns: tuple[Column, ...]
    headings: tuple[str, ...]


def text_of(value: Any) -> str:
    """A cell as text: a list joined by semicolons, a moment as the API tells it, nothing where nothing was told."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(value)
    if isinstance(value, datetime):
        return views.moment(value) or ""
    if isinstance(value, date):
        return value.isoformat()
    return plain(value) if isinstance(value, Decimal) else str(value)


def plain(value: Decimal) -> str:
    """A sum without an exponent and without needless zeros."""
    return f"{value:f}".rstrip("0").rstrip(".") if value.as_tuple().exponent else f"{value:f}"


def at(*path: str) -> Callable[[Item], Any]:
    """What stands in an item under these keys; None where one of those before the last holds nothing."""

    def found(item: Item) -> Any:
        value: Any = item
        for key in path:
            if value is None:
                return None
            value = value[key]
        return value

    return found


def moment(*path: str) -> Callable[[Item], datetime | None]:
    """The moment that an item tells as text."""
    told = at(*path)

    def found(item: Item) -> datetime | None:
        value = told(item)
        return datetime.fromisoformat(value) if value else None

    return found


def money(*path: str) -> Callable[[Item], Decimal | None]:
    """The sum that an item tells as a JSON number."""
    told = at(*path)

    def found(item: Item) -> Decimal | None:
        value = told(item)
        return None if value is None else Decimal(str(value))

    return found

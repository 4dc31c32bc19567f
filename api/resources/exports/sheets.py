"""A table as people or programs want to see it: which headings, and what the file is called."""

import tomllib
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from alerts.wording import words
from api.resources.exports.columns import Column, Item, Sheet
from api.resources.exports.tables import Table

Headings = Literal["names", "zh"]


@lru_cache
def headings() -> dict[str, dict[str, str]]:
    """The Chinese headings of each table's columns, and its title under `table` (data/headings.toml)."""
    return tomllib.loads((Path(__file__).parent / "data" / "headings.toml").read_text("utf-8"))


def sheet(table: Table, wanted: Headings) -> Sheet:
    """The table with the names of its columns above them, or in Chinese, slugs too."""
    if wanted == "names":
        return Sheet(table.name, table.columns, tuple(column.name for column in table.columns))
    told = headings()[table.name]
    columns = tuple(_in_words(column) for column in table.columns)
    return Sheet(told["table"], columns, tuple(told[column.name] for column in columns))


def _in_words(column: Column) -> Column:
    if column.words is None:
        return column
    known, value = words()[column.words], column.value

    def told(item: Item) -> Any:
        slug = value(item)
        return known.get(slug, slug)

    return replace(column, value=told)


def disposition(table: Table, suffix: str, day: date) -> str:
    """The Content-Disposition of a file (RFC 6266): its Chinese name (RFC 8187), and one in ASCII for old readers."""
    chinese = quote(f"{headings()[table.name]['table']}-{day}.{suffix}", safe="")
    return f"attachment; filename=\"yinqi-{table.name}-{day}.{suffix}\"; filename*=UTF-8''{chinese}"

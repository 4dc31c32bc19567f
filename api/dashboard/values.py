"""The values of an event's fields in words, as globals of every template: `instrument(slug)`, `sector(slug)`."""

import csv
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import seeds
from api.dashboard.wording import Words

_FIELDS = ("instrument", "status", "state", "version_type", "article_state", "health", "field")


@cache
def sectors(language: str) -> dict[str, str]:
    """The sectors' names by slug."""
    path = Path(seeds.__file__).parent / "data" / "sectors.csv"
    column = "name" if language == "zh" else "name_en"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["slug"]: row[column] for row in csv.DictReader(file)}


def of(t: Words) -> dict[str, Callable[..., Any]]:
    """The functions by name; each answers a dash for nothing, and a value that it does not know as it is.

    `options(values, function)`: pairs of value and word, for the choices of a form.
    """

    def word(field: str) -> Callable[[str | None], str]:
        return lambda value: t.maybe(f"values.{field}.{value}", value) if value else t("format.none")

    def sector(slug: str | None) -> str:
        return sectors(t.language).get(slug, slug) if slug else t("format.none")

    def options(given: Iterable[str], name: Callable[[str | None], str]) -> list[tuple[str, str]]:
        return [(value, name(value)) for value in given]

    return {**{field: word(field) for field in _FIELDS}, "sector": sector, "options": options}

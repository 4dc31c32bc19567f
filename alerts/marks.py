"""Which pieces of a quote tell an event's facts: its bank, firm, amount and date, as a reader underlines them. Pure.

The facts are found by what the alert says of them, so that it also goes for alerts that wait in the database.
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from core.names import GENERIC

_SHORTEST = 2  # signs of a name


class Piece(NamedTuple):
    """A piece of a quote, and whether it tells a fact."""

    text: str
    fact: bool


@lru_cache
def _written() -> dict[str, Any]:
    """How sums and days are written (data/marks.json)."""
    loaded: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "marks.json").read_text("utf-8"))
    return loaded


@lru_cache
def _sum() -> re.Pattern[str]:
    units = "|".join(_written()["multiple"])
    currencies = "|".join(_written()["currency"])
    return re.compile(rf"(\d[\d,，]*(?:\.\d+)?)\s*({units})?\s*(?:{currencies})")


_DAY = re.compile(r"(?:(\d{4})\s*年)?\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日)?|(\d{4})\s*年")


def of_event(quote: str, event: dict[str, Any]) -> list[Piece]:
    """The pieces of an event's evidence; `event` as the alert holds it."""
    firm = event.get("firm")
    names = [event.get("branch"), event.get("firm_description")]
    names += [firm["name"], *firm.get("aliases", ())] if firm else []
    found = [*_named(quote, names), *_bank(quote, event["bank"]["name"])]
    found += [*_sums(quote, event.get("amount")), *_days(quote, event.get("date"))]
    return _cut(quote, found)


def of_names(quote: str, names: Iterable[str]) -> list[Piece]:
    """The pieces of a sentence in which names stand."""
    return _cut(quote, _named(quote, names))


def _named(quote: str, names: Iterable[str | None]) -> Iterator[tuple[int, int]]:
    for name in names:
        if name and len(name) >= _SHORTEST:
            yield from ((one.start(), one.end()) for one in re.finditer(re.escape(name), quote))


def _bank(quote: str, name: str) -> Iterator[tuple[int, int]]:
    """Where the bank stands by its name or a short form: signs of its name in their order, to the same last sign."""
    yield from _named(quote, [name])
    for end in (one.end() for one in re.finditer(re.escape(name[-1]), quote)):
        starts = range(max(0, end - len(name)), end - _SHORTEST + 1)
        start = next((one for one in starts if _is_short(quote[one:end], name)), None)
        if start is not None:
            yield start, end


def _is_short(text: str, name: str) -> bool:
    left = iter(name)
    return text not in GENERIC and all(sign in left for sign in text)


def _sums(quote: str, amount: dict[str, Any] | None) -> Iterator[tuple[int, int]]:
    told = {amount[side] for side in ("min", "max")} - {None} if amount else set()
    multiples = _written()["multiple"]
    for one in _sum().finditer(quote):
        value = float(re.sub("[,，]", "", one[1])) * multiples.get(one[2], 1)
        if any(abs(value - float(sum_)) <= 1e-6 * max(value, 1.0) for sum_ in told):
            yield one.start(), one.end()


def _days(quote: str, date: str | None) -> Iterator[tuple[int, int]]:
    wanted = [int(part) for part in (date or "").split("-") if part.isdigit()]
    for one in _DAY.finditer(quote) if wanted else ():
        told = [one[1] or one[4], one[2], one[3]]
        pairs = [(int(text), part) for text, part in zip(told, wanted, strict=False) if text]
        if pairs and all(given == part for given, part in pairs):
            yield one.start(), one.end()


def _cut(quote: str, spans: Iterable[tuple[int, int]]) -> list[Piece]:
    """The quote in pieces; spans that overlap are one."""
    made: list[Piece] = []
    at = 0
    for start, end in _merged(spans):
        made += [Piece(quote[at:start], fact=False), Piece(quote[start:end], fact=True)]
        at = end
    return [piece for piece in [*made, Piece(quote[at:], fact=False)] if piece.text]


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    made: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if made and start < made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made

"""Where an event is at home: provinces and cities, and the places that names tell of.

`data/regions.csv` holds every spelling of a province, city or county (seeds/make_regions.py makes it). A region is told
as a path of short names: (江苏,), (江苏, 苏州). Municipalities, Hong Kong, Macao and Taiwan are provinces here.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "regions.csv"
EVERYDAY = DATA.with_name("everyday_places.txt")

Region = tuple[str, ...]
_BRACKETED = re.compile(r"[(（]([^()（）]{2,12})[)）]")


@lru_cache
def _spellings() -> dict[str, tuple[Region, bool]]:
    """Each spelling's path, and whether it means the place wherever it stands."""
    with DATA.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {
        row["name"]: (tuple(part for part in (row["province"], row["city"]) if part), row["strength"] == "strong")
        for row in rows
    }


@lru_cache
def _longest() -> int:
    return max(map(len, _spellings()))


@lru_cache
def known() -> tuple[Region, ...]:
    """All provinces and cities, in the official order, each city under its province."""
    return tuple(dict.fromkeys(path for path, _ in _spellings().values()))


def lookup(name: str) -> Region | None:
    """The region of a place by any of its spellings (江苏省, 苏州, 昆山市); None where it is none."""
    found = _spellings().get(name.strip())
    return found[0] if found else None


def of_event(*, firms: Iterable[str], firm_region: str | None, told: Iterable[str | None], bank: str | None) -> Region:
    """Where an event is at home: where its firm sits, else where a told branch or description is, else its local bank.

    `firms` are the firm's names, `firm_region` what a register says of it, `told` the branch and the description of an
    undisclosed firm, `bank` the register's region of the bank. Empty where nothing says it.
    """
    registered = lookup(firm_region) if firm_region else None
    places = [place for name in firms if (place := of_name(name))]
    for place in sorted(places, key=len, reverse=True):
        if registered is None or place[: len(registered)] == registered:
            return place
    return registered or next((place for text in told if text and (place := within(text))), None) or _home(bank)


def _home(bank: str | None) -> Region:
    return (lookup(bank) if bank else None) or ()


def of_name(name: str) -> Region | None:
    """The place that a firm's name begins with or holds in brackets: 苏州明远机器人, 明远机器人（苏州）有限公司."""
    bracketed = (lookup(part) for part in _BRACKETED.findall(name))
    return _at(name, 0, weak=False)[0] or next((place for place in bracketed if place), None)


def within(text: str) -> Region | None:
    """The first place that a branch's name or a description tells, the city where one follows its province."""
    found: Region | None = None
    position = 0
    while position < len(text):
        place, length = _at(text, position, weak=True)
        if place and (found is None or (len(found) == 1 and place[0] == found[0])):
            found = place
        if found and len(found) == 2:
            break
        position += length or 1
    return found


def _at(text: str, start: int, *, weak: bool) -> tuple[Region | None, int]:
    """The longest place that stands at `start`, and its length; of two in a row (浙江杭州) the nearer one."""
    spellings = _spellings()
    for length in range(min(_longest(), len(text) - start), 1, -1):
        found = spellings.get(text[start : start + length])
        if found and (found[1] or weak):
            nearer, further = _at(text, start + length, weak=weak) if len(found[0]) == 1 else (None, 0)
            inside = nearer is not None and nearer[0] == found[0][0]
            return (nearer, length + further) if inside else (found[0], length)
    return None, 0


def spellings() -> Mapping[str, tuple[Region, bool]]:
    """Every spelling with its path, and whether it means the place wherever it stands."""
    return _spellings()

"""Figures of parts: of articles of one kind or script, of events of one instrument, of single slots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.quality.measure import SLOTS, Event, agrees, count, figures, match
from tests.quality.sets import Row

LEAST = 5
"""Articles that a part must have to stand by itself: figures of fewer say nothing."""


def by(field: str, rows: Sequence[Row], told: Mapping[str, Sequence[Event]]) -> dict[str, dict[str, Any]]:
    """The figures of the articles that share a value of `field` (kind, script), the most articles first.

    Values that fewer than `LEAST` articles share go together.
    """
    held = Counter(str(row.get(field)) for row in rows)
    others = f"{sum(number < LEAST for number in held.values())} others"
    parts: dict[str, Counter[str]] = {}
    for row in rows:
        value = str(row.get(field))
        part = parts.setdefault(value if held[value] >= LEAST else others, Counter())
        part.update(count(row["events"], told.get(row["id"], ())))
    return {name: figures(part) for name, part in sorted(parts.items(), key=lambda p: (-p[1]["articles"], p[0]))}


@dataclass(slots=True)
class Instrument:
    """Of the gold's events of an instrument: found with their pair, with the amount too, and told as that instrument.

    `told` counts the events told as this instrument, `right` those that the gold has as such and that have the pair.
    """

    gold: int = 0
    found: int = 0
    event: int = 0
    named: int = 0
    told: int = 0
    right: int = 0


def instruments(rows: Sequence[Row], told: Mapping[str, Sequence[Event]]) -> dict[str, Instrument]:
    """By instrument, the gold's commonest first."""
    out: dict[str, Instrument] = {}

    def of(event: Event) -> Instrument:
        return out.setdefault(str(event["instrument"]), Instrument())

    for row in rows:
        said = told.get(row["id"], ())
        for event in row["events"]:
            of(event).gold += 1
        for event in said:
            of(event).told += 1
        for wanted, got in match(row["events"], said):
            one, right = of(wanted), agrees(wanted, got, "instrument")
            one.found += 1
            one.event += agrees(wanted, got, "amount")
            one.named += right
            of(got).right += right
    return dict(sorted(out.items(), key=lambda part: (-part[1].gold, part[0])))


@dataclass(slots=True)
class Slot:
    """Of the matched events: right, left empty though told, filled though untold, and filled with something else."""

    matched: int = 0
    right: int = 0
    missing: int = 0
    made_up: int = 0
    other: int = 0


def slots(rows: Sequence[Row], told: Mapping[str, Sequence[Event]]) -> dict[str, Slot]:
    """By slot, over the events whose bank and firm are right."""
    out = {name: Slot() for name in SLOTS}
    for wanted, got in _matched(rows, told):
        for name, slot in out.items():
            slot.matched += 1
            if agrees(wanted, got, name):
                slot.right += 1
            elif got.get(name) is None:
                slot.missing += 1
            elif wanted.get(name) is None:
                slot.made_up += 1
            else:
                slot.other += 1
    return out


def _matched(rows: Sequence[Row], told: Mapping[str, Sequence[Event]]) -> Iterator[tuple[Event, Event]]:
    for row in rows:
        yield from match(row["events"], told.get(row["id"], ()))

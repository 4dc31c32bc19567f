"""All figures of one annotated set, as plain data: what `make score` prints and what floors are set on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seeds.registers import read_firms
from tests.quality import breakdown
from tests.quality.across import unseen
from tests.quality.calibration import Calibration, calibration
from tests.quality.intervals import Interval, intervals
from tests.quality.measure import Event, count
from tests.quality.official import measured
from tests.quality.sets import GoldSet


@dataclass(frozen=True)
class Figures:
    """One set's figures; `whole` is in the shape of score.py's, which made it where it is there (`by` says who did).

    `new` is the recall of pairs whose firm no article of the other sets named `seen` has; `unlisted` of those whose
    firm is not in the register.
    """

    name: str
    by: str
    events: int
    whole: Mapping[str, Any]
    spread: Mapping[str, Interval | None]
    seen: Sequence[str]
    new: Mapping[str, Any] | None
    unlisted: Mapping[str, Any]
    kinds: Mapping[str, Mapping[str, Any]]
    scripts: Mapping[str, Mapping[str, Any]]
    instruments: Mapping[str, breakdown.Instrument]
    slots: Mapping[str, breakdown.Slot]
    sure: Calibration


def figures(gold: GoldSet, told: Mapping[str, Sequence[Event]], seen: Sequence[GoldSet], folder: Path) -> Figures:
    """Everything about one set's predictions; firms of the sets `seen` count as known."""
    whole, by = measured(gold.events, told, folder)
    rows = gold.rows
    return Figures(
        name=gold.name,
        by=by,
        events=sum(len(row["events"]) for row in rows),
        whole=whole,
        spread=intervals([count(row["events"], told.get(row["id"], ())) for row in rows]),
        seen=[one.name for one in seen],
        new=unseen(gold.events, told, [events for one in seen for events in one.events.values()]) if seen else None,
        unlisted=unseen(gold.events, told, _register()),
        kinds=breakdown.by("kind", rows, told),
        scripts=breakdown.by("script", rows, told),
        instruments=breakdown.instruments(rows, told),
        slots=breakdown.slots(rows, told),
        sure=calibration(gold.events, told),
    )


def _register() -> Iterable[Sequence[Event]]:
    """The register's firms as if they had been told."""
    return [[{"firm": firm.name, "firm_aliases": firm.aliases}] for firm in read_firms()]

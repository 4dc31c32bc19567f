"""Figures that must not fall: python -m tests.quality.floors [--raise | --lower PART …]

`floors.json` holds a digest of the data and the least that each figure may be: for dev as the shipped engine reads it,
for its cross-validation as last recorded (train/figures.json), and for the seeds where they are. `make check` fails
below. --raise lifts floors to what is measured now, less a little; only --lower lets one down, or takes other data on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.quality.calibration import calibration
from tests.quality.measure import MEASURES, Event
from tests.quality.official import measured
from tests.quality.sets import HERE, GoldSet

ROOT = HERE.parents[1]
FLOORS = HERE / "floors.json"
RECORDED = ROOT / "train" / "figures.json"
SLACK = 0.01
"""How far below what was measured a floor is set."""
_MANY = 100
"""Told events that a calibration needs: of fewer it says nothing."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A part's figures now, and the digest of the data they were measured on."""

    digest: str
    figures: Mapping[str, float]


def kept(gold: Mapping[str, Sequence[Event]], told: Mapping[str, Sequence[Event]]) -> dict[str, float]:
    """The figures that floors are set on: F1 of the measures, clean, and calibrated, 1 less the ECE."""
    whole = measured(gold, told)[0]
    figures = {name: float(whole[name]["f1"]) for name in MEASURES}
    if whole["clean"] is not None:
        figures["clean"] = float(whole["clean"])
    sure = calibration(gold, told)
    return figures | ({"calibrated": round(1 - sure.error(), 4)} if len(sure.judged) >= _MANY else {})


def now(part: str, path: Path) -> Measured | None:
    """What a part measures now; None where its data are not here. The cross-validation is as it was recorded."""
    if not path.exists():
        return None
    if part == "cross_validated":
        held = json.loads(RECORDED.read_text(encoding="utf-8"))
        return Measured(held["data"], held["figures"])
    gold = GoldSet(part, path)
    return Measured(hashlib.sha256(path.read_bytes()).hexdigest(), kept(gold.events, gold.predictions()))


def read(path: Path = FLOORS) -> dict[str, dict[str, Any]]:
    """The floors by part: {"path", "sha256", "floors": {figure: least}}."""
    floors: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return floors


def fallen(floor: Mapping[str, Any], found: Measured) -> Iterator[str]:
    """What is wrong with a part: other data, or figures below their floors."""
    if found.digest != floor["sha256"]:
        yield "the data are not those that the floors were set on"
    for name, least in floor["floors"].items():
        if name not in found.figures:
            yield f"{name} is not measured"
        elif found.figures[name] < least:
            yield f"{name} fell to {found.figures[name]:.4f}, below {least:.4f}"


def moved(floor: Mapping[str, Any], found: Measured, *, lower: bool) -> dict[str, Any]:
    """The floors as they are set now: never down and never on other data unless `lower`."""
    fresh = {name: round(value - SLACK, 4) for name, value in found.figures.items()}
    if lower:
        return {**floor, "sha256": found.digest, "floors": fresh}
    old = floor["floors"]
    return {**floor, "floors": {name: max(value, old.get(name, value)) for name, value in fresh.items()}}


def main(arguments: list[str] | None = None) -> int:
    """Print figures and floors, and move those if asked to; exit code 1 where something fell and was left so."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    move = parser.add_mutually_exclusive_group()
    move.add_argument("--raise", dest="lift", action="store_true", help="lift floors to what is measured now")
    move.add_argument("--lower", nargs="+", metavar="PART", default=[], help="set a part's to what is measured now")
    options = parser.parse_args(arguments)
    floors, wrong = read(), []
    if unknown := set(options.lower) - floors.keys():
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(floors)}")
    for part, floor in floors.items():
        found = now(part, ROOT / floor["path"])
        if found is None:
            sys.stdout.write(f"{part}: {floor['path']} is not here\n")
            continue
        lower = part in options.lower
        faults = [] if lower else [f"{part}: {fault}" for fault in fallen(floor, found)]
        wrong += faults
        if lower or (options.lift and not faults):
            floors[part] = floor = moved(floor, found, lower=lower)
        told = (f"{name} {value:.4f} (≥ {floor['floors'].get(name, 0):.4f})" for name, value in found.figures.items())
        sys.stdout.write(f"{part}: {', '.join(told)}\n")
    FLOORS.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")
    sys.stdout.writelines(f"{fault}\n" for fault in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

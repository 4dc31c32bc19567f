"""The annotated sets that figures are made of: dev, check and seeds of the gold's folder, or dev alone in a clone.

Errors may be looked at in dev and seeds. Those of check may not: whoever has seen them tunes to them, and its figures
then say nothing about articles that nobody has read.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from extractor import Lexicon
from seeds.registers import read_banks, read_firms
from tests.quality.across import Spot
from tests.quality.measure import Event
from tests.quality.official import GOLD
from tests.quality.predict import articles, predict

HERE = Path(__file__).parent
NAMES = ("dev", "check", "seeds")
CLOSED = frozenset({"check"})
"""Sets of which only figures may be printed."""

Told = dict[str, list[dict[str, Any]]]
Row = dict[str, Any]


@dataclass(frozen=True)
class GoldSet:
    """One annotated set. `rows` are its articles with title, text, published, kind, script and events."""

    name: str
    path: Path

    @cached_property
    def rows(self) -> list[Row]:
        """The articles."""
        return list(articles(self.path, None))

    @cached_property
    def events(self) -> dict[str, list[Event]]:
        """The gold events by article."""
        return {row["id"]: row["events"] for row in self.rows}

    def predictions(self) -> Told:
        """What the engine tells of each article."""
        lexicon = Lexicon.build(read_banks(), read_firms())
        return {row["id"]: row["events"] for row in predict(iter(self.rows), lexicon)}


def folder(given: Path | None = None) -> Path:
    """The gold's folder: the given one, else the shared one, else our own, which holds dev alone."""
    return given or (GOLD if (GOLD / "dev.jsonl").exists() else HERE)


def sets(gold: Path, names: Sequence[str] = NAMES) -> list[GoldSet]:
    """Those of the sets that are in a folder."""
    return [GoldSet(name, gold / f"{name}.jsonl") for name in names if (gold / f"{name}.jsonl").exists()]


def same(gold: Path) -> list[list[Spot]]:
    """Which tellings are of one event: a list of (article, place) for each; our own file knows those of dev."""
    path = gold / "same.jsonl"
    lines = (path if path.exists() else HERE / "same.jsonl").read_text(encoding="utf-8").splitlines()
    return [[(article, place) for article, place in json.loads(line)] for line in lines if line.strip()]


def read_predictions(path: Path) -> Told:
    """A file of predictions, as score.py reads it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {row["id"]: row["events"] for row in map(json.loads, filter(str.strip, lines))}

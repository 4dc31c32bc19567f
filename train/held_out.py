"""What models say of the gold's articles that did not learn from them: for all that learns from or is measured on it.

The shipped tagger and judge of names have seen these articles; read with them, the gold would look easier than it is.
"""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from extractor.extract import Hearing
from extractor.normalise import Folded, normalise
from train.folds import FOLDS

MARKS = Path(__file__).parent / "marks.jsonl"
HELD_OUT = Path(__file__).parent / "name_weights.csv"


def hearing(article: dict[str, Any]) -> Hearing | None:
    """For a gold article the tagger's marks and the judge's weights that did not learn from it; None for others."""
    row = _marks().get(article["id"])
    if row is None:
        return None
    return Hearing(heard(article["id"], normalise(article["text"])), _weights()[row["fold"]])


def heard(key: str, folded: Folded) -> tuple[tuple[int, int, float], ...]:
    """The held-out marks (start, end, probability) of an article, in its folded text."""
    place = {folded.origin(at, at + 1)[0]: at for at in range(len(folded.text))}
    found = [(place.get(start), place.get(end - 1), score) for start, end, score in _marks()[key]["marks"]]
    return tuple((first, last + 1, score) for first, last, score in found if first is not None and last is not None)


@dataclass(frozen=True, slots=True)
class CopyMarks:
    """The tagger's marks in a renamed copy of an article, and a digest of the copy's text."""

    digest: str
    marks: tuple[tuple[int, int, float], ...]

    def is_of(self, text: str) -> bool:
        """Whether these are the marks of this text: a copy changes with the folding of its article."""
        return self.digest == digest(text)


def heard_of_copies(key: str) -> list[CopyMarks]:
    """The held-out marks of an article's renamed copies."""
    return [
        CopyMarks(copy["text"], tuple((start, end, score) for start, end, score in copy["marks"]))
        for copy in _marks()[key]["copies"]
    ]


def digest(text: str) -> str:
    """What tells a text from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def _marks() -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in map(json.loads, MARKS.read_text(encoding="utf-8").splitlines())}


@cache
def _weights() -> tuple[dict[str, float], ...]:
    with HELD_OUT.open(encoding="utf-8") as lines:
        table = list(csv.DictReader(lines))
    return tuple({row["fact"]: float(row[str(fold)]) for row in table} for fold in range(FOLDS))

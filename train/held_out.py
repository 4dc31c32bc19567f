"""What models say of the gold's articles that did not learn from them: for all that learns from or is measured on it.

The shipped tagger and judge of names have seen these articles; read with them, the gold would look easier than it is.
"""

from __future__ import annotations

import csv
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from extractor.extract import Hearing
from extractor.normalise import normalise
from train.folds import FOLDS

MARKS = Path(__file__).parent / "marks.jsonl"
HELD_OUT = Path(__file__).parent / "name_weights.csv"


def hearing(article: dict[str, Any]) -> Hearing | None:
    """For a gold article the tagger's marks and the judge's weights that did not learn from it; None for others."""
    row = _marks().get(article["id"])
    if row is None:
        return None
    return Hearing(heard(article["id"], normalise(article["text"]).text), _weights()[row["fold"]])


def heard(key: str, text: str) -> tuple[tuple[int, int, float], ...]:
    """The held-out marks (start, end, probability) of an article's folded text; ValueError where the text changed."""
    row = _marks()[key]
    if row["text"] != hashlib.sha256(text.encode()).hexdigest()[:16]:
        raise ValueError(f"{key} is folded otherwise than when the tagger was trained: train it anew (train/tagger.py)")
    return tuple((start, end, score) for start, end, score in row["marks"])


@cache
def _marks() -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in map(json.loads, MARKS.read_text(encoding="utf-8").splitlines())}


@cache
def _weights() -> tuple[dict[str, float], ...]:
    with HELD_OUT.open(encoding="utf-8") as lines:
        table = list(csv.DictReader(lines))
    return tuple({row["fact"]: float(row[str(fold)]) for row in table} for fold in range(FOLDS))

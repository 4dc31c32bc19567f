"""The cross-validated figures of the shipped model, kept in `train/figures.json` with what they belong to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.quality.floors import kept
from tests.quality.measure import Event

FIGURES = Path(__file__).parent / "figures.json"


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def record(
    data: Path,
    model: Path,
    gold: Mapping[str, Sequence[Event]],
    told: Mapping[str, Sequence[Event]],
    out: Path = FIGURES,
) -> None:
    """Write the figures of cross-validated predictions with the digests of the data and of the shipped model."""
    held: dict[str, Any] = {"data": digest(data), "model": digest(model), "figures": kept(gold, told)}
    out.write_text(json.dumps(held, indent=2) + "\n", encoding="utf-8")

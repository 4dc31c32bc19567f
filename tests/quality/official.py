"""The gold's own measure, score.py, where the gold's folder is beside the checkout."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.quality.measure import Event, score

GOLD = Path(__file__).resolve().parents[3] / "shared" / "gold"


def official(folder: Path = GOLD) -> ModuleType | None:
    """The module score.py of a gold folder, None where there is none."""
    path = folder / "score.py"
    spec = importlib.util.spec_from_file_location("gold_score", path) if path.exists() else None
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measured(
    gold: Mapping[str, Sequence[Event]], told: Mapping[str, Sequence[Event]], folder: Path = GOLD
) -> tuple[Mapping[str, Any], str]:
    """The figures of predictions by score.py, where that is there, else by our own measure; and which it was."""
    theirs = official(folder)
    return (theirs.score(gold, told)[0], "score.py") if theirs else (score(gold, told), "tests/quality/measure.py")

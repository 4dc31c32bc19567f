"""Where score.py is, our own measures give its figures."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.quality.across import merged, unseen
from tests.quality.measure import score
from tests.quality.official import official

HERE = Path(__file__).parent
ROWS = [json.loads(line) for line in (HERE / "dev.jsonl").read_text(encoding="utf-8").splitlines()]
GOLD = {row["id"]: row["events"] for row in ROWS}
SAME = [json.loads(line) for line in (HERE / "same.jsonl").read_text(encoding="utf-8").splitlines()]
SLOTS = ("branch", "instrument", "amount", "date", "term_months", "status", "tech", "evidence", "firm", "bank")


def _garbled() -> dict[str, list[dict[str, Any]]]:
    """The gold's events as a bad reader would tell them: some missing, some twice, slots from other events."""
    chance = random.Random(3)
    every = [event for events in GOLD.values() for event in events]
    told: dict[str, list[dict[str, Any]]] = {}
    for key, events in GOLD.items():
        kept = [dict(event) for event in events for _ in range(chance.choice((0, 1, 1, 1, 2)))]
        for event in [*kept, *([dict(chance.choice(every))] if chance.random() < 0.3 else [])]:
            slot = chance.choice(SLOTS)
            event |= {slot: chance.choice(every)[slot], "same": chance.choice(("x", "y", "z", None))}
            told.setdefault(key, []).append(event)
    return told


def test_our_measures_are_those_of_score_py() -> None:
    theirs = official()
    if theirs is None:
        pytest.skip("score.py is not in the repository")
    told = _garbled()
    assert score(GOLD, told) == theirs.score(GOLD, told)[0]
    assert merged(GOLD, told, SAME) == theirs.merged(GOLD, told, SAME)
    half = list(GOLD.values())[::2]
    assert unseen(GOLD, told, half) == theirs.unseen(GOLD, told, half)

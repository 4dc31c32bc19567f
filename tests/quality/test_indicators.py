"""Figures are read at least as well as they were, and their annotations are sound."""

import hashlib
import json

import pytest

from extractor.indicators.measures import HEADS
from tests.quality import indicators
from tests.quality.sets import HERE

FLOORS = json.loads((HERE / "indicators_floors.json").read_text(encoding="utf-8"))
ROWS = indicators.gold()


def test_no_figure_falls_below_its_floor() -> None:
    assert hashlib.sha256(indicators.GOLD.read_bytes()).hexdigest() == FLOORS["sha256"], "other data than the floors'"
    found = indicators.halves()
    for half, floors in FLOORS["floors"].items():
        for name, least in floors.items():
            assert found[half][name]["f1"] >= least, (half, name)


@pytest.mark.parametrize("half", indicators.HALVES)
def test_each_half_is_thirty_articles_of_dev(half: str) -> None:
    dev = {json.loads(line)["id"] for line in (HERE / "dev.jsonl").read_text(encoding="utf-8").splitlines()}
    ids = [row["id"] for row in ROWS if row["half"] == half]
    assert len(ids) == len(set(ids)) == 30
    assert set(ids) <= dev


def test_annotations_are_complete() -> None:
    for one in (one for row in ROWS for one in row["indicators"]):
        assert one["value"] is not None or one["growth"] or one["increment"]
        assert (one["qualifier"] is None) == (one["value"] is None)
        assert (one["subject"] == "programme") == bool(one["programme"])
        assert one["kind"] not in HEADS or one["unit"] == "count"


def test_what_is_missed_and_what_is_too_much_cost_recall_and_precision() -> None:
    rows = {row["id"]: row["indicators"] for row in ROWS}
    perfect = indicators.measure(rows, rows)
    assert {one["f1"] for one in perfect.values()} == {1.0}
    key, told = next((key, told) for key, told in rows.items() if len(told) > 2)
    half = indicators.measure({key: told}, {key: told[:1]})
    assert half["figure"] == pytest.approx({"precision": 1.0, "recall": 1 / len(told), "f1": 2 / (len(told) + 1)})
    wrong = indicators.measure({key: told}, {key: [{**one, "region": ["别处"]} for one in told]})
    assert wrong["figure"]["f1"] == 1.0
    assert wrong["region"]["f1"] == wrong["all of it"]["f1"] == 0.0

"""The engine's figures do not fall below their floors, and nothing lowers a floor by accident."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.quality import floors
from tests.quality.floors import Measured, fallen, moved
from tests.quality.sets import GoldSet
from train import learner
from train.known import DATA
from train.record import FIGURES, digest, record

FLOOR = {"path": "x", "sha256": "a", "floors": {"pair": 0.8, "clean": 0.9}}


@pytest.mark.parametrize("part", floors.read())
def test_no_figure_falls_below_its_floor(part: str) -> None:
    floor = floors.read()[part]
    found = floors.now(part, floors.ROOT / floor["path"])
    if found is None:
        pytest.skip(f"{floor['path']} is not in the repository")
    assert floor["floors"]
    assert list(fallen(floor, found)) == []


def test_the_recorded_figures_belong_to_the_shipped_model() -> None:
    """Else `make train ARGS=judge`, or with the model as it is `python -m train.judge --record`."""
    held = json.loads(FIGURES.read_text(encoding="utf-8"))
    assert held["data"] == digest(DATA)
    assert held["model"] == digest(learner.MODEL)


def test_a_fall_and_other_data_are_told() -> None:
    assert list(fallen(FLOOR, Measured("a", {"pair": 0.8, "clean": 0.95}))) == []
    assert list(fallen(FLOOR, Measured("a", {"pair": 0.7999, "clean": 0.95}))) == ["pair fell to 0.7999, below 0.8000"]
    assert list(fallen(FLOOR, Measured("a", {"pair": 0.9}))) == ["clean is not measured"]
    assert list(fallen(FLOOR, Measured("b", {"pair": 0.9, "clean": 0.9}))) == [
        "the data are not those that the floors were set on"
    ]


def test_floors_only_rise_unless_lowering_is_asked_for() -> None:
    found = Measured("b", {"pair": 0.7, "clean": 1.0, "event": 0.5})
    raised = moved(FLOOR, found, lower=False)
    assert raised == {"path": "x", "sha256": "a", "floors": {"pair": 0.8, "clean": 0.99, "event": 0.49}}
    lowered = moved(FLOOR, found, lower=True)
    assert lowered == {"path": "x", "sha256": "b", "floors": {"pair": 0.69, "clean": 0.99, "event": 0.49}}


def test_the_command_leaves_a_fallen_floor_alone_and_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "floors.json"
    path.write_text('{"dev": {"path": "tests/quality/dev.jsonl", "sha256": "a", "floors": {"pair": 0.8}}}')
    monkeypatch.setattr(floors, "FLOORS", path)
    monkeypatch.setattr(floors, "read", lambda: {"dev": FLOOR | {"path": "tests/quality/dev.jsonl"}})
    monkeypatch.setattr(floors, "now", lambda part, _: Measured("a", {"pair": 0.7, "clean": 1.0}))
    assert floors.main(["--raise"]) == 1
    assert '"pair": 0.8' in path.read_text()
    assert "dev: pair fell to 0.7000" in capsys.readouterr().out
    assert floors.main(["--lower", "dev"]) == 0
    assert '"pair": 0.69' in path.read_text()


def test_recorded_figures_change_with_the_predictions(tmp_path: Path) -> None:
    gold = GoldSet("dev", DATA).events
    perfect = {key: [{**event, "confidence": 1.0} for event in events] for key, events in gold.items()}
    record(DATA, learner.MODEL, gold, perfect, tmp_path / "figures.json")
    assert '"pair": 1.0' in (tmp_path / "figures.json").read_text()
    record(DATA, learner.MODEL, gold, {}, tmp_path / "figures.json")
    assert '"pair": 0.0' in (tmp_path / "figures.json").read_text()


def test_every_evidence_stands_in_its_article() -> None:
    dev = GoldSet("dev", DATA)
    told = dev.predictions()
    assert any(told.values())
    for row in dev.rows:
        assert all(event["evidence"] in row["text"] for event in told[row["id"]]), row["id"]

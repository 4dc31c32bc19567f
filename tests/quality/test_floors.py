"""The engine's figures on the gold's development part do not fall below their floors."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from extractor import Lexicon
from seeds.registers import read_banks, read_firms
from tests.quality.measure import score
from tests.quality.predict import articles, predict

HERE = Path(__file__).parent
GOLD = HERE / "dev.jsonl"
SEEDS = HERE.parents[2] / "shared" / "gold" / "seeds.jsonl"
FLOORS = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))


def test_the_floors_belong_to_this_data() -> None:
    assert hashlib.sha256(GOLD.read_bytes()).hexdigest() == FLOORS["dev"]["sha256"]


def test_pairs_of_bank_and_firm_stay_above_their_floor() -> None:
    rows = list(articles(GOLD, None))
    told = {row["id"]: row["events"] for row in predict(iter(rows), Lexicon.build(read_banks(), read_firms()))}
    pair = score({row["id"]: row["events"] for row in rows}, told)["pair"]
    assert pair["f1"] >= FLOORS["dev"]["pair_f1"], pair


@pytest.mark.skipif(not SEEDS.exists(), reason="the two newspaper pages are not in the repository")
def test_the_newspaper_pages_stay_above_their_floor() -> None:
    assert hashlib.sha256(SEEDS.read_bytes()).hexdigest() == FLOORS["seeds"]["sha256"]
    rows = list(articles(SEEDS, None))
    told = {row["id"]: row["events"] for row in predict(iter(rows), Lexicon.build(read_banks(), read_firms()))}
    assert score({row["id"]: row["events"] for row in rows}, told)["pair"]["f1"] >= FLOORS["seeds"]["pair_f1"]


def test_every_evidence_stands_in_its_article() -> None:
    rows = list(articles(GOLD, None))
    for row, told in zip(rows, predict(iter(rows), Lexicon.build(read_banks(), read_firms())), strict=True):
        assert all(event["evidence"] in row["text"] for event in told["events"]), row["id"]

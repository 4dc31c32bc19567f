"""Folds hold nothing in two places: no article is asked by a model that learnt its twin."""

from __future__ import annotations

import json
from pathlib import Path

from train.folds import folds


def _same(path: Path, *clusters: list[str]) -> Path:
    path.write_text("\n".join(json.dumps([[key, 0] for key in keys]) for keys in clusters), encoding="utf-8")
    return path


def test_every_article_is_in_one_fold() -> None:
    parts = folds([f"a{n}" for n in range(11)], None, 3)
    assert sorted(index for part in parts for index in part) == list(range(11))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_what_tells_the_same_event_stays_together(tmp_path: Path) -> None:
    same = _same(tmp_path / "same.jsonl", ["a", "c"], ["c", "elsewhere", "e"])
    parts = folds(list("abcdef"), same, 3)
    (home,) = [part for part in parts if 0 in part]
    assert {0, 2, 4} <= set(home)


def test_folds_are_the_same_in_every_run(tmp_path: Path) -> None:
    same = _same(tmp_path / "same.jsonl", ["a", "b"], ["d", "e"])
    assert folds(list("abcdef"), same, 2) == folds(list("abcdef"), same, 2)

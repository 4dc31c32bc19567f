"""`make train` runs every step in its order, with what was asked for, and stops at the first that fails."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from train.__main__ import STEPS, Step, main

ROOT = Path(__file__).parents[2]


def _spied(code: int = 0) -> tuple[list[list[str]], tuple[Step, ...]]:
    calls: list[list[str]] = []

    def step(name: str) -> Step:
        def run(arguments: list[str]) -> int:
            calls.append([name, *arguments])
            return code

        return Step(name, "", run, ("--write",), ("--measure",))

    return calls, (step("first"), step("second"))


def test_every_step_runs_in_its_order_and_writes() -> None:
    calls, steps = _spied()
    assert main(["--data", "gold"], steps) == 0
    assert calls == [["first", "--data", "gold", "--write"], ["second", "--data", "gold", "--write"]]


def test_one_step_may_be_asked_for_and_only_measured() -> None:
    calls, steps = _spied()
    main(["second", "--measure", "--data", "gold"], steps)
    assert calls == [["second", "--data", "gold", "--measure"]]


def test_a_step_that_fails_ends_it() -> None:
    calls, steps = _spied(code=3)
    assert main([], steps) == 3
    assert len(calls) == 1


def test_an_unknown_step_is_refused() -> None:
    calls, steps = _spied()
    with pytest.raises(SystemExit):
        main(["third"], steps)
    assert calls == []


def test_every_step_says_what_it_makes_and_what_it_makes_is_there() -> None:
    for step in STEPS:
        told, _, path = step.what.partition(": ")
        assert told
        assert (ROOT / path).is_file(), step.name


def test_training_and_what_it_needs_stay_out_of_the_image() -> None:
    syncs = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if "uv sync" in line]
    assert syncs
    for line in syncs:
        assert "--no-default-groups" in line
        assert "--group" not in line and "--all-groups" not in line
    assert "!train" not in (ROOT / ".dockerignore").read_text().split()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["dependency-groups"]["train"]
    assert "train" not in project["tool"]["setuptools"]["packages"]

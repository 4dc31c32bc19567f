"""Train everything that the engine has learnt, one step after the other: python -m train [STEP …] [--measure]

Each step prints its cross-validated figures and writes what it learnt. Deterministic: on one machine the same data give
the same files. To add a step, add a line to `STEPS`, after those whose work it builds on.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from train import instruments, judge, names_judge, tagger
from train.known import DATA


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is learnt: `run` takes --data and its further arguments, and returns an exit code.

    `writing` are the arguments with which it writes what it learnt, `measuring` those with which it only measures.
    """

    name: str
    what: str
    run: Callable[[list[str]], int]
    writing: tuple[str, ...] = ()
    measuring: tuple[str, ...] = ()


STEPS = (
    Step("tagger", "which strings name firms: extractor/models/firm_tagger.npz", tagger.main, (), ("--measure",)),
    Step("names", "which candidates are names: extractor/data/name_weights.csv", names_judge.main, (), ("--measure",)),
    Step(
        "instruments",
        "which instrument is meant: extractor/data/instrument_weights.csv",
        instruments.main,
        (),
        ("--measure",),
    ),
    Step("judge", "how likely a proposal is an event: extractor/data/weights.csv", judge.main, ("--write",), ()),
)


def main(arguments: list[str] | None = None, steps: tuple[Step, ...] = STEPS) -> int:
    """Run the steps asked for in their order; the first that fails ends it with its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m train", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [step.name for step in steps]
    parser.add_argument("steps", nargs="*", metavar="STEP", help=f"some of {', '.join(names)} (all)")
    parser.add_argument("--data", type=Path, default=DATA, help="the gold to learn from")
    parser.add_argument("--measure", action="store_true", help="print the figures and write nothing")
    options = parser.parse_args(arguments)
    if unknown := set(options.steps) - set(names):
        parser.error(f"there is no step {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    for step in steps:
        if step.name in (options.steps or names):
            sys.stdout.write(f"{step.name}: {step.what}\n")
            sys.stdout.flush()
            began = time.monotonic()
            further = step.measuring if options.measure else step.writing
            if code := step.run(["--data", str(options.data), *further]):
                return code
            sys.stdout.write(f"{step.name}: {time.monotonic() - began:.0f} s\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What `yinqi score` runs: figures of the engine, or of a file of predictions, on the annotated sets.

python -m tests.quality.report [SET …] [--gold FOLDER] [--predicted FILE] [--errors N] [--json]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from tests.quality.figures import Figures, figures
from tests.quality.merging import merging
from tests.quality.sets import CLOSED, NAMES, GoldSet, Told, folder, read_predictions, same, sets
from tests.quality.tables import error_lines, merging_table, tables

_WIDTH = 120


class Refused(Exception):
    """What is asked cannot be answered, and why."""


def main(arguments: list[str] | None = None) -> int:
    """Print what is asked for; exit code 2 where it is refused."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", metavar="SET", help="dev, check or seeds (all)")
    parser.add_argument("--gold", type=Path, help="folder of the sets (the shared one, else ours, which has dev)")
    parser.add_argument("--predicted", type=Path, help="predictions of one set, instead of running the engine")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="list the errors of the first N articles")
    parser.add_argument("--json", action="store_true", help="one object of all figures of score.py's shape")
    options = parser.parse_args(arguments)
    try:
        return _report(options)
    except Refused as refused:
        sys.stderr.write(f"{refused}\n")
        return 2


def _report(options: argparse.Namespace) -> int:
    gold = folder(options.gold)
    chosen = _chosen(gold, options)
    told = {one.name: _told(one, options.predicted) for one in chosen}
    found = {one.name: figures(one, told[one.name], _seen(one, gold), gold) for one in chosen}
    if options.json:
        json.dump({name: one.whole for name, one in found.items()}, sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
        return 0
    console = Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)
    for name, these in found.items():
        _print(console, these, learnt=name == "dev" and not options.predicted)
    _print_merging(console, gold, chosen, told)
    if options.errors:
        for one in chosen:
            console.print(f"\n[bold]errors in {one.name}[/bold]")
            _print_errors(one, told[one.name], options.errors)
    return 0


def _chosen(gold: Path, options: argparse.Namespace) -> list[GoldSet]:
    """The sets asked for; unless named all that are there, but with errors none whose errors are closed."""
    if options.errors and CLOSED & set(options.sets):
        raise Refused(
            "the errors of check are not shown: whoever has seen them tunes to them, and its figures then say nothing"
            " of articles that nobody has read; --errors works with dev and seeds"
        )
    if options.predicted and len(options.sets) != 1:
        raise Refused("--predicted holds the predictions of one set: name it")
    chosen = sets(gold, options.sets or NAMES)
    if missing := set(options.sets) - {one.name for one in chosen}:
        raise Refused(f"{gold}: there is no {', '.join(sorted(missing))} here")
    if not chosen:
        raise Refused(f"{gold}: there is no annotated set here (dev.jsonl, check.jsonl, seeds.jsonl)")
    return [one for one in chosen if not options.errors or one.name not in CLOSED]


def _told(one: GoldSet, predicted: Path | None) -> Told:
    if predicted is None:
        return one.predictions()
    if not predicted.exists():
        raise Refused(f"{predicted}: there is no such file")
    told = read_predictions(predicted)
    if strangers := sorted(told.keys() - one.events.keys()):
        raise Refused(f"{predicted}: {strangers[0]} and {len(strangers) - 1} more are no articles of {one.name}")
    return told


def _seen(one: GoldSet, gold: Path) -> Sequence[GoldSet]:
    """The set that the engine has learnt from, for any other set."""
    return [] if one.name == "dev" else sets(gold, ["dev"])


def _print(console: Console, one: Figures, *, learnt: bool) -> None:
    console.print()
    if learnt:
        console.print("The engine has learnt from these articles; `make train` prints cross-validated figures.")
    for table in tables(one):
        console.print(table)
        console.print()


def _print_merging(console: Console, gold: Path, chosen: Sequence[GoldSet], told: dict[str, Told]) -> None:
    """Of dev and check together, as far as they are asked for: an event may be told in both."""
    held = [one for one in chosen if one.name in ("dev", "check")]
    if held:
        rows = [row for one in held for row in one.rows]
        every = {key: events for one in held for key, events in told[one.name].items()}
        console.print(merging_table(merging(rows, every, same(gold)), [one.name for one in held]))


def _print_errors(one: GoldSet, told: Told, most: int) -> None:
    shown = 0
    for line in error_lines(one.rows, told):
        shown += line.startswith("\n")
        if shown > most:
            break
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())

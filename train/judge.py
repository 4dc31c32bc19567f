"""Train the judge of frames and cross-validate it: python -m train.judge [--data GOLD] [--write]

Five folds that keep together what tells the same event; every article is read by a model that had not seen its fold.
Prints the figures of these predictions and keeps them in a file, to be looked into with `make score`. Deterministic.
Articles of `train/corpus/*.jsonl` join the training of every fold, except where they tell of one of its firms.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from extractor import Lexicon
from seeds.registers import read_banks, read_firms
from tests.quality.calibration import calibration
from tests.quality.measure import MEASURES, Event
from tests.quality.official import measured
from train import instruments, learner
from train.folds import folds
from train.known import CORPUS, DATA, Known, articles, corpus
from train.record import record

ROOT = Path(__file__).resolve().parents[1]
SAME = DATA.with_name("same.jsonl")
PREDICTIONS = ROOT / ".cache" / "judge.jsonl"


def learnt(known: Iterable[Known]) -> learner.Model:
    """A model of these articles."""
    return learner.learn([example for one in known for example in one.examples])


def unseen(
    known: Sequence[Known], further: Sequence[Known], parts: Sequence[Sequence[int]]
) -> dict[str, list[dict[str, Any]]]:
    """Each article's events, by a model that learnt neither from its part nor from others that tell of its firms."""
    told: dict[str, list[dict[str, Any]]] = {}
    lots = instruments.lots([*known, *further])
    for part in parts:
        asked = [known[index] for index in part]
        banned = {name for one in asked for name in one.firms}
        rest = [one for index, one in enumerate(known) if index not in set(part)]
        taught = [*rest, *(one for one in further if not one.firms & banned)]
        model, kinds = learnt(taught), instruments.learnt(taught, lots)
        told |= {one.id: learner.predict(one.reading, model, kinds) for one in asked}
    return {one.id: told[one.id] for one in known}


def lines(known: Sequence[Known], told: Mapping[str, Sequence[Event]]) -> Iterator[str]:
    """The figures of predictions, to be read."""
    gold = {one.id: one.events for one in known}
    data = [example for one in known for example in one.examples]
    most = measured(gold, {one.id: learner.reach(one.reading) for one in known})[0]["pair"]["recall"]
    found, by = measured(gold, told)
    yield f"{len(data)} frames, {sum(any(e.right) for e in data)} tell an event; pair recall at most {most:.3f}"
    yield f"cross-validated over {len(known)} articles, measured by {by}"
    for name in MEASURES:
        one = found[name]
        yield f"{name:7} P {one['precision']:.3f}  R {one['recall']:.3f}  F1 {one['f1']:.3f}"
    yield "slots   " + "  ".join(f"{k} {v:.3f}" for k, v in found["slots"].items() if isinstance(v, float))
    yield f"clean   {found['clean']}"
    yield from calibration(gold, told).lines()


def write(path: Path, told: Mapping[str, Sequence[Event]]) -> None:
    """Predictions as score.py reads them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = (json.dumps({"id": key, "events": events}, ensure_ascii=False) for key, events in told.items())
    path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Cross-validate, and with --write train on everything; see the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="the gold to learn from and be asked")
    parser.add_argument("--same", type=Path, default=SAME, help="clusters of tellings, kept together in the folds")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder of articles for training only")
    parser.add_argument("--predictions", type=Path, default=PREDICTIONS, help="where the cross-validated events go")
    parser.add_argument("--write", action="store_true", help="write the model learnt from all articles, and record")
    parser.add_argument("--record", action="store_true", help="keep the figures as those of the shipped model")
    options = parser.parse_args(arguments)
    lexicon = Lexicon.build(read_banks(), read_firms())
    known, further = list(articles(options.data, lexicon)), corpus(options.corpus, lexicon)
    told = unseen(known, further, folds([one.id for one in known], options.same))
    write(options.predictions, told)
    for line in lines(known, told):
        sys.stdout.write(line + "\n")
    if options.write:
        learner.save(learnt([*known, *further]))
    if options.write or options.record:
        record(options.data, learner.MODEL, {one.id: one.events for one in known}, told)
    return 0


if __name__ == "__main__":
    sys.exit(main())

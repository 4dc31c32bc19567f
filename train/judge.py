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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor import Lexicon
from seeds.registers import read_banks, read_firms
from tests.quality.calibration import calibration
from tests.quality.measure import MEASURES, Event
from tests.quality.official import measured
from train import instruments, learner, sureness
from train.folds import folds
from train.known import CORPUS, DATA, Known, articles, corpus
from train.record import record

ROOT = Path(__file__).resolve().parents[1]
SAME = DATA.with_name("same.jsonl")
PREDICTIONS = ROOT / ".cache" / "judge.jsonl"


def learnt(known: Iterable[Known]) -> learner.Model:
    """A model of these articles."""
    return learner.learn([example for one in known for example in one.examples])


@dataclass(frozen=True, slots=True)
class Unseen:
    """What cross-validation tells: each article's events, and how sure a model of all articles may be of itself."""

    events: dict[str, list[dict[str, Any]]]
    sureness: tuple[float, float]


def unseen(known: Sequence[Known], further: Sequence[Known], parts: Sequence[Sequence[int]]) -> Unseen:
    """Each article's events, by a model that learnt neither from its part nor from others that tell of its firms.

    How sure that model may be of itself is learnt from what the other parts' models say of their parts.
    """
    lots = instruments.lots([*known, *further])
    models: list[tuple[learner.Model, learner.Model]] = []
    told: list[list[sureness.Said]] = []
    for part in parts:
        asked = [known[index] for index in part]
        banned = {name for one in asked for name in one.firms}
        rest = [one for index, one in enumerate(known) if index not in set(part)]
        taught = [*rest, *(one for one in further if not one.firms & banned)]
        models.append((learnt(taught), instruments.learnt(taught, lots)))
        told.append(sureness.said(models[-1][0], [example for one in asked for example in one.examples]))
    events: dict[str, list[dict[str, Any]]] = {}
    for number, (part, (model, kinds)) in enumerate(zip(parts, models, strict=True)):
        others = [one for place, lot in enumerate(told) if place != number for one in lot]
        model = sureness.applied(model, sureness.fitted(others))
        events |= {known[index].id: learner.predict(known[index].reading, model, kinds) for index in part}
    every = sureness.fitted([one for lot in told for one in lot])
    return Unseen({one.id: events[one.id] for one in known}, every)


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
    found = unseen(known, further, folds([one.id for one in known], options.same))
    told = found.events
    write(options.predictions, told)
    sys.stdout.write(f"scores stretched by {found.sureness[0]:.3f}, {found.sureness[1]:+.3f} on each choice\n")
    for line in lines(known, told):
        sys.stdout.write(line + "\n")
    if options.write:
        learner.save(sureness.applied(learnt([*known, *further]), found.sureness))
    if options.write or options.record:
        record(options.data, learner.MODEL, {one.id: one.events for one in known}, told)
    return 0


if __name__ == "__main__":
    sys.exit(main())

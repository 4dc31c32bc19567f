"""What the confidence learns from and how: the only part of training that knows features and weights.

A proposal is right where the gold tells an event of its bank and firm with the same sum, or where it tells no sum.
The learner is a logistic regression with L2 by gradient descent: deterministic, under a minute.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor.assemble import drafts, event, merge, sums_agree
from extractor.confidence import features
from extractor.extract import Reading
from extractor.frames import Proposal
from extractor.slots import instrument
from tests.quality.measure import Event, same_pair

Model = Mapping[str, float]
MODEL = Path(__file__).resolve().parents[1] / "extractor" / "data" / "weights.csv"
_DECAY = 3.0
_ROUNDS = 400
_LEAST = 3
"""Features seen fewer times are left out."""


@dataclass(frozen=True, slots=True)
class Example:
    """A proposal as the learner sees it."""

    features: frozenset[str]
    right: bool


def examples(reading: Reading, gold: Sequence[Event]) -> Iterator[Example]:
    """Every proposal of an article, with the gold's word on it."""
    for proposal in reading.proposals():
        told = instrument(proposal)
        right = any(_tells(event, proposal, reading) for event in gold)
        yield Example(frozenset(features(proposal, told.value if told else "loan")), right)


def _tells(gold: Event, proposal: Proposal, reading: Reading) -> bool:
    firm = proposal.firm.firm
    if firm is None or not same_pair(gold, {"bank": proposal.bank.bank, "firm": reading.name(firm)}):
        return False
    told = proposal.amount.value if proposal.amount and not proposal.shared_firm else None
    return told is None or (gold["amount"] is not None and sums_agree(told, gold["amount"]))


def learn(data: Sequence[Example]) -> Model:
    """The weights by feature: Adam's steps on the whole set."""
    counts = Counter(name for example in data for name in example.features)
    names = sorted(name for name, count in counts.items() if count >= _LEAST)
    weights, first, second = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0)
    # sorted, so that sums come out alike whatever the hash seed
    sets = [(sorted(name for name in example.features if name in weights), example.right) for example in data]
    for turn in range(1, _ROUNDS + 1):
        slope = {name: 0.0 if name == "always" else _DECAY * weights[name] for name in names}
        for held, right in sets:
            total = max(-30.0, min(30.0, sum(weights[name] for name in held)))
            error = 1 / (1 + math.exp(-total)) - right
            for name in held:
                slope[name] += error
        for name in names:
            first[name] = 0.9 * first[name] + 0.1 * slope[name]
            second[name] = 0.999 * second[name] + 0.001 * slope[name] ** 2
            move = first[name] / (1 - 0.9**turn) / (math.sqrt(second[name] / (1 - 0.999**turn)) + 1e-9)
            weights[name] -= 0.03 * move
    return weights


def predict(reading: Reading, model: Model) -> list[dict[str, Any]]:
    """An article's events under a model, with the gold's keys and their confidence."""
    if reading.marks is None:
        return []
    found = merge(drafts(reading.proposals(), reading.marks, model))
    return [event(draft, reading.page.folded).as_gold() for draft in found]


def reach(reading: Reading) -> list[dict[str, Any]]:
    """Every bank and firm that a proposal ties: what no model can go beyond."""
    firms = [(proposal.bank.bank, proposal.firm.firm) for proposal in reading.proposals()]
    return [{"bank": bank, "firm": reading.name(firm)} for bank, firm in firms if firm is not None]


def save(model: Model, path: Path = MODEL) -> None:
    """Write the model where the engine reads it."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("feature", "weight"))
        writer.writerows((name, f"{weight:.3f}") for name, weight in sorted(model.items()))

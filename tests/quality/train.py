"""Learn the confidence's weights from the gold: python -m tests.quality.train GOLD [--write].

Logistic regression with L2 by gradient descent (deterministic, a minute), cross-validated by article.
A proposal is right where the gold tells an event of its bank and firm with the same sum, or where it tells no sum.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from extractor import Lexicon
from extractor.assemble import drafts, event, merge, sums_agree
from extractor.confidence import features
from extractor.extract import Reading, read
from extractor.frames import Proposal
from extractor.slots import instrument
from seeds.registers import read_banks, read_firms
from tests.quality.measure import pair_f1, same_pair

WEIGHTS = Path(__file__).resolve().parents[2] / "extractor" / "data" / "weights.csv"
FOLDS = 5


@dataclass(frozen=True)
class Row:
    """A proposal as the learner sees it."""

    features: frozenset[str]
    right: bool
    article: str


def articles(gold: Path) -> Iterator[tuple[dict[str, Any], Reading]]:
    """Every article of a gold file with the engine's reading of it."""
    lexicon = Lexicon.build(read_banks(), read_firms())
    for line in gold.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        yield article, read(article["title"], article["text"], date.fromisoformat(article["published"]), lexicon)


def rows(read_articles: list[tuple[dict[str, Any], Reading]]) -> Iterator[Row]:
    """Every proposal that the engine makes."""
    for article, reading in read_articles:
        for proposal in reading.proposals():
            told = instrument(proposal)
            right = any(_is_told(gold, proposal, reading) for gold in article["events"])
            yield Row(frozenset(features(proposal, told.value if told else "loan")), right, article["id"])


def _is_told(gold: dict[str, Any], proposal: Proposal, reading: Reading) -> bool:
    firm = proposal.firm.firm
    if firm is None or not same_pair(gold, {"bank": proposal.bank.bank, "firm": reading.name(firm)}):
        return False
    told = proposal.amount.value if proposal.amount and not proposal.shared_firm else None
    return told is None or (gold["amount"] is not None and sums_agree(told, gold["amount"]))


def learn(data: list[Row], decay: float, rounds: int = 400) -> dict[str, float]:
    """The weights by feature (Adam's steps on the whole set); features seen fewer than three times are left out."""
    counts = Counter(name for row in data for name in row.features)
    names = sorted(name for name, count in counts.items() if count >= 3)
    weights, first, second = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0)
    sets = [([name for name in row.features if name in weights], row.right) for row in data]
    for turn in range(1, rounds + 1):
        slope = {name: 0.0 if name == "always" else decay * weights[name] for name in names}
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


def predict(reading: Reading, weights: dict[str, float]) -> list[dict[str, Any]]:
    """An article's events under some weights."""
    if reading.marks is None:
        return []
    found = merge(drafts(reading.proposals(), reading.marks, weights))
    return [event(draft, reading.page.folded).as_gold() for draft in found]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--write", action="store_true", help="write the weights learnt from all articles")
    parser.add_argument("--decay", type=float, default=3.0)
    options = parser.parse_args(arguments)
    known = list(articles(options.gold))
    data = list(rows(known))
    fold = {article["id"]: index % FOLDS for index, (article, _) in enumerate(known)}
    told: dict[str, list[dict[str, Any]]] = {}
    for number in range(FOLDS):
        weights = learn([row for row in data if fold[row.article] != number], options.decay)
        told |= {a["id"]: predict(reading, weights) for a, reading in known if fold[a["id"]] == number}
    gold = {article["id"]: article["events"] for article, _ in known}
    precision, recall, f1 = pair_f1(gold, told)
    reach = {a["id"]: [_pair(p, r) for p in r.proposals()] for a, r in known}
    right = sum(row.right for row in data)
    print(f"{len(data)} proposals, {right} right, pair recall at most {pair_f1(gold, reach)[1]:.3f}")
    print(f"cross-validated pair P {precision:.3f} R {recall:.3f} F1 {f1:.3f}")
    if options.write:
        with WEIGHTS.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(("feature", "weight"))
            writer.writerows((name, f"{weight:.3f}") for name, weight in sorted(learn(data, options.decay).items()))
    return 0


def _pair(proposal: Proposal, reading: Reading) -> dict[str, Any]:
    assert proposal.firm.firm is not None
    return {"bank": proposal.bank.bank, "firm": reading.name(proposal.firm.firm)}


if __name__ == "__main__":
    raise SystemExit(main())

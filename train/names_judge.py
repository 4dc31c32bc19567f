"""Learn which candidates are firms' names: python -m train.names_judge --data ../shared/gold/dev.jsonl [--measure]

Cross-validated by article with the tagger's held-out marks. Prints figures; writes the shipped weights, and the
weights that did not learn from each fifth of the articles: whatever else learns from the gold must use those.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from core.register import FirmEntry
from extractor import Lexicon
from extractor.candidates import Candidate
from extractor.evidence import Facts
from extractor.judge import THRESHOLD, chosen
from extractor.mentions import candidates_of
from extractor.normalise import normalise
from extractor.page import Page
from extractor.recognisers import RECOGNISERS
from seeds.registers import read_banks, read_firms
from train.articles import Article, known_rows, read
from train.folds import folds
from train.held_out import HELD_OUT, heard, heard_of_copies
from train.names import Pools
from train.tagger import pools_for, versions

SHIPPED = Path(__file__).resolve().parents[1] / "extractor" / "data" / "name_weights.csv"
_LEAST = 3
_COPY = 0.2
"""What a copy counts for: its words are those of its article, its names are harder than most."""


@dataclass(frozen=True, slots=True)
class Lot:
    """An article's candidates: their evidence, and 1, 0 or None (unclear) for each; a copy has a lesser `weight`."""

    article: Article
    page: Page
    candidates: list[Candidate]
    facts: list[Facts]
    truth: list[int | None]
    weight: float = 1.0


def lots(data: Path, articles: Sequence[Article], lexicon: Lexicon, pools: Pools) -> Iterator[list[Lot]]:
    """The candidates of every article and of its renamed copies, with the tagger's held-out marks.

    The copies are read without the register of firms: their firms are to be such as nobody knows.
    """
    rows = {row["id"]: row for row in known_rows(data)}
    unknown = Lexicon.build(read_banks(), ())
    for article in articles:
        row = rows[article.id]
        folded, day = normalise(row["text"]), date.fromisoformat(row["published"])
        title = normalise(row["title"]).text
        told = [_lot(article, Page(folded, lexicon, day, title, heard(article.id, folded)), 1.0)]
        for copy, marks in zip(versions(article, pools)[1:], heard_of_copies(article.id), strict=True):
            plain = normalise(copy.text)
            if marks.is_of(copy.text) and plain.text == copy.text:
                told.append(_lot(copy, Page(plain, unknown, day, "", marks.marks), _COPY))
        yield told


def _lot(article: Article, page: Page, weight: float) -> Lot:
    candidates, facts = candidates_of(page, [mark for r in RECOGNISERS for mark in r.find(page)])
    return Lot(article, page, candidates, facts, [_truth(article, c) for c in candidates], weight)


def _truth(article: Article, c: Candidate) -> int | None:
    if (c.start, c.end) in article.names:
        return 1
    return None if any(c.start < end and start < c.end for start, end in article.unclear) else 0


def learn(data: Sequence[Lot], l2: float) -> dict[str, float]:
    """The weights by fact: logistic regression, deterministic (L-BFGS from zero)."""
    told = [
        (set(chain.from_iterable(groups)), truth, lot.weight)
        for lot in data
        for groups, truth in zip(lot.facts, lot.truth, strict=True)
    ]
    rows = [(facts, truth, weight) for facts, truth, weight in told if truth is not None]
    counts = Counter(name for facts, _, _ in rows for name in facts)
    names = sorted(name for name, count in counts.items() if count >= _LEAST)
    column = {name: k for k, name in enumerate(names)}
    where = [(k, column[name]) for k, (facts, _, _) in enumerate(rows) for name in sorted(facts) if name in column]
    matrix = csr_matrix((np.ones(len(where)), tuple(zip(*where, strict=True))), shape=(len(rows), len(names)))
    truth = np.array([float(right) for _, right, _ in rows])
    count = np.array([weight for _, _, weight in rows])
    held = np.full(len(names), l2)
    held[column["always"]] = 0.0

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        z = matrix @ weights
        value = (count * np.logaddexp(0.0, -z * (2 * truth - 1))).sum() + 0.5 * float(held @ weights**2)
        return float(value), matrix.T @ (count * (1 / (1 + np.exp(-z)) - truth)) + held * weights

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return dict(zip(names, map(float, found.x), strict=True))


def figures(found: Sequence[tuple[Lot, Mapping[str, float]]]) -> str:
    """Precision and recall of names at their places, with weights that did not learn from the article."""
    right = told = wanted = possible = 0
    for lot, weights in found:
        marks = {(m.start, m.end) for m in chosen(lot.candidates, lot.facts, weights)}
        clear = {s for s in marks if not any(s[0] < e and b < s[1] for b, e in lot.article.unclear)}
        names = {s for s in lot.article.names if any(b <= s[0] < e for b, e in lot.article.sentences)}
        right, told, wanted = right + len(names & clear), told + len(clear), wanted + len(names)
        possible += len(names & {(c.start, c.end) for c in lot.candidates})
    precision, recall = right / told, right / wanted
    return (
        f"names at their places, P ≥ {THRESHOLD}: precision {precision:.3f}, recall {recall:.3f}"
        f" (at most {possible / wanted:.3f}), F1 {2 * precision * recall / (precision + recall):.3f}"
    )


def write(path: Path, columns: Mapping[str, Mapping[str, float]]) -> None:
    """Weights as a table: a fact a row, a set of weights a column."""
    names = sorted({name for weights in columns.values() for name, weight in weights.items() if abs(weight) >= 0.0005})
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("fact", *columns))
        writer.writerows((name, *(f"{w.get(name, 0.0):.3f}" for w in columns.values())) for name in names)


def main(arguments: list[str] | None = None) -> int:
    """Learn, or measure; see the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the gold to learn from")
    parser.add_argument("--same", type=Path, help="clusters of tellings (default: same.jsonl beside the data)")
    parser.add_argument("--measure", action="store_true", help="print the figures and write nothing")
    parser.add_argument("--l2", type=float, default=3.0)
    parser.add_argument("--bare", action="store_true", help="without the register of firms")
    options = parser.parse_args(arguments)
    firms: Sequence[FirmEntry] = () if options.bare else read_firms()
    articles = read(options.data)
    data = list(lots(options.data, articles, Lexicon.build(read_banks(), firms), pools_for(articles)))
    parts = folds([one.id for one in articles], options.same or options.data.with_name("same.jsonl"))
    held = []
    for part in parts:
        rest = [lot for index, told in enumerate(data) if index not in set(part) for lot in told]
        held.append(learn(rest, options.l2))
    sys.stdout.write(f"{sum(len(lot.candidates) for told in data for lot in told)} candidates\n")
    asked = [(data[index], weights) for part, weights in zip(parts, held, strict=True) for index in part]
    sys.stdout.write("articles: " + figures([(told[0], weights) for told, weights in asked]) + "\n")
    copies = [(lot, weights) for told, weights in asked for lot in told[1:]]
    sys.stdout.write("copies with unknown firms: " + figures(copies) + "\n")
    if not options.measure:
        write(SHIPPED, {"weight": learn([lot for told in data for lot in told], options.l2)})
        write(HELD_OUT, {str(number): weights for number, weights in enumerate(held)})
    return 0


if __name__ == "__main__":
    sys.exit(main())

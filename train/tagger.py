"""Train the tagger of firms' names: python -m train.tagger --data ../shared/gold/dev.jsonl [--measure]

Two looks are learnt: the chain over characters from the articles and renamed copies of them, and the judge over
strings from what chains trained without an article say of it. Deterministic: the same data give the same file.
Prints cross-validated figures; writes the model, and the marks that models give which did not learn from an article:
whatever else learns from or is measured on the gold must use these, not the model.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path

import numpy as np
import numpy.typing as npt

from extractor.tagger.decode import Span
from extractor.tagger.hints import DocumentHints
from extractor.tagger.judge import WIDTH, evidence, places
from extractor.tagger.tagger import MODEL, Model, Tagger
from seeds.registers import read_firms
from train.articles import Article, Spot, folds, read
from train.augment import renamed
from train.chain import fit
from train.logistic import logistic
from train.measure import chosen, figures
from train.names import Pools
from train.pile import Pile

Found = list[list[Span]]
MARKS = Path(__file__).parent / "marks.jsonl"
_LEAST_MARK = 0.1


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train: renamed `copies` of an article and their weight, `bits` of the table, `l2` and `steps` of the fit.

    Features that stand fewer than `least` times are left out. `judge_l2` holds the second look's weights small.
    """

    copies: int = 8
    copy_weight: float = 0.3
    bits: int = 18
    l2: float = 0.5
    steps: int = 100
    least: int = 3
    judge_l2: float = 1.0
    seed: int = 7


def chain(articles: Sequence[Article], pools: Pools, settings: Settings) -> Tagger:
    """The first look alone, learnt from the articles and renamed copies of them."""
    chance = random.Random(settings.seed)  # noqa: S311 (names to train on, no secret)
    signs = pools.grades()
    pile = Pile(settings.bits, signs.astype(np.uint32))
    for article in articles:
        pile.add(article, 1.0, everything=True)
        for _ in range(settings.copies):
            pile.add(renamed(article, pools, chance), settings.copy_weight, everything=False)
    matrix, columns = pile.matrix(settings.least)
    weights, links = fit(matrix, pile.batches(), l2=settings.l2, steps=settings.steps)
    full = np.zeros((1 << settings.bits, 3))
    full[columns] = weights
    table, scale = quantised(full)
    short, long, inner, name = map(float, links)
    return Tagger(Model(table, scale, (short, long, inner, name), signs, np.zeros(0)))


def quantised(weights: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.int8], float]:
    """Weights as eight-bit numbers, four to a row, and what one step is worth; the largest in ten thousand are cut."""
    told = np.abs(weights[weights != 0])
    scale = float(np.quantile(told, 0.9999)) / 127 if len(told) else 1.0
    table = np.zeros((len(weights), 4), dtype=np.int8)
    table[:, :3] = np.clip(np.rint(weights / scale), -127, 127)
    return table, scale


def unseen_looks(
    articles: Sequence[Article], parts: Sequence[Sequence[int]], pools: Pools, settings: Settings, workers: int
) -> list[Found]:
    """What chains trained without an article's part say of each article's sentences."""
    looks: list[Found] = [[] for _ in articles]
    with ProcessPoolExecutor(workers) as pool:
        for part, found in zip(
            parts, pool.map(_look, repeat(articles), parts, repeat(pools), repeat(settings)), strict=True
        ):
            for index, spans in zip(part, found, strict=True):
                looks[index] = spans
    return looks


def _look(articles: Sequence[Article], part: Sequence[int], pools: Pools, settings: Settings) -> list[Found]:
    held = set(part)
    tagger = chain([article for index, article in enumerate(articles) if index not in held], pools, settings)
    return [tagger.spans(_told(articles[i]), document=DocumentHints.of(articles[i].text)) for i in part]


def _told(article: Article) -> list[str]:
    return [article.text[start:end] for start, end in article.sentences]


def judge(articles: Sequence[Article], looks: Sequence[Found], settings: Settings) -> npt.NDArray[np.float64]:
    """The second look's weights, from first looks at articles the chain had not seen."""
    rows, truths = [np.zeros((0, WIDTH))], [np.zeros(0)]
    for article, spans in zip(articles, looks, strict=True):
        told = _told(article)
        found = places(told, spans)
        truth = np.array([_truth(article, article.sentences[p.sentence][0], p.span) for p in found], dtype=np.float64)
        rows.append(evidence(told, found, DocumentHints.of(article.text))[~np.isnan(truth)])
        truths.append(truth[~np.isnan(truth)])
    return logistic(np.concatenate(rows), np.concatenate(truths), l2=settings.judge_l2)


def _truth(article: Article, shift: int, span: Span) -> float:
    """1 for a name, 0 for none, NaN where the gold does not say."""
    start, end = span.start + shift, span.end + shift
    if (start, end) in article.names:
        return 1.0
    return np.nan if any(start < stop and begin < end for begin, stop in article.unclear) else 0.0


def measured(
    articles: Sequence[Article], parts: Sequence[Sequence[int]], looks: Sequence[Found], settings: Settings
) -> list[list[tuple[Spot, float]]]:
    """Each article's spans with their scores, by a chain and a judge that did not learn from the article."""
    out: list[list[tuple[Spot, float]]] = [[] for _ in articles]
    for part in parts:
        rest = [index for index in range(len(articles)) if index not in set(part)]
        weights = judge([articles[i] for i in rest], [looks[i] for i in rest], settings)
        for index in part:
            article = articles[index]
            told = _told(article)
            judged = Tagger.judged(told, looks[index], DocumentHints.of(article.text), weights)
            starts = [start for start, _ in article.sentences]
            out[index] = [
                ((s.start + b, s.end + b), s.score) for b, spans in zip(starts, judged, strict=True) for s in spans
            ]
    return out


def write_marks(path: Path, articles: Sequence[Article], found: Sequence[Sequence[tuple[Spot, float]]]) -> None:
    """Each article's spans of the folded text as models say that did not learn from it, for whatever learns from them.

    A line is {"id", "text": a digest of the folded text, "marks": [[start, end, score], ...]}, by `chosen`.
    """
    with path.open("w", encoding="utf-8") as out:
        for article, spans in zip(articles, found, strict=True):
            score = dict(spans)
            marks = [[*spot, round(score[spot], 3)] for spot in sorted(chosen(spans, _LEAST_MARK))]
            digest = hashlib.sha256(article.text.encode()).hexdigest()[:16]
            out.write(json.dumps({"id": article.id, "text": digest, "marks": marks}) + "\n")


def main(arguments: list[str] | None = None) -> int:
    """Train, or measure; see the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the gold to learn from")
    parser.add_argument("--same", type=Path, help="clusters of tellings (default: same.jsonl beside the data)")
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--marks", type=Path, default=MARKS, help="where the cross-validated marks go")
    parser.add_argument("--measure", action="store_true", help="print the figures and write nothing")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(arguments)
    firms = read_firms()
    articles = read(options.data)
    parts = folds(articles, options.same or options.data.with_name("same.jsonl"), 5)
    banned = {name for article in articles for family in article.firms for name in family}
    pools, settings = Pools.build([firm.name for firm in firms], banned), Settings()
    looks = unseen_looks(articles, parts, pools, settings, options.workers)
    found = measured(articles, parts, looks, settings)
    for line in figures(articles, parts, found):
        sys.stdout.write(line + "\n")
    if not options.measure:
        write_marks(options.marks, articles, found)
        first = chain(articles, pools, settings).model
        replace(first, judge=judge(articles, looks, settings)).save(options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())

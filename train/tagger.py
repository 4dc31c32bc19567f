"""Train the tagger of firms' names: python -m train.tagger --data ../shared/gold/dev.jsonl [--measure]

Two looks are learnt: the chain over characters from the articles and renamed copies of them, and the judge over
strings from what chains trained without an article say of it. Deterministic: the same data give the same file.
Prints cross-validated figures; writes the model, and the marks that models give which did not learn from an article:
whatever else learns from or is measured on the gold must use these, not the model.
"""

from __future__ import annotations

import argparse
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

from extractor.normalise import normalise
from extractor.tagger.decode import Span
from extractor.tagger.features import graded
from extractor.tagger.hints import DocumentHints
from extractor.tagger.judge import WIDTH, evidence, places
from extractor.tagger.tagger import MODEL, Model, Tagger
from seeds.registers import read_firms
from train.articles import Article, Spot, known_rows, read
from train.augment import renamed
from train.chain import fit
from train.folds import folds
from train.held_out import MARKS, digest
from train.logistic import logistic
from train.measure import chosen, figures
from train.names import Pools
from train.pile import Pile

Found = list[list[Span]]
COPIES = 2
"""Renamed copies of each article among the marks."""

_LEAST_MARK = 0.1


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train: renamed `copies` of an article and their weight, `bits` of the table, `l2` and `steps` of the fit.

    Features that stand fewer than `least` times are left out. `judge_l2` holds the second look's weights small.
    """

    copies: int = 4
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
    pile = Pile(settings.bits, graded(signs))
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
) -> list[list[Found]]:
    """What chains trained without an article's part say of the sentences of each of its versions."""
    looks: list[list[Found]] = [[] for _ in articles]
    with ProcessPoolExecutor(workers) as pool:
        for part, found in zip(
            parts, pool.map(_look, repeat(articles), parts, repeat(pools), repeat(settings)), strict=True
        ):
            for index, spans in zip(part, found, strict=True):
                looks[index] = spans
    return looks


def _look(articles: Sequence[Article], part: Sequence[int], pools: Pools, settings: Settings) -> list[list[Found]]:
    held = set(part)
    tagger = chain([article for index, article in enumerate(articles) if index not in held], pools, settings)
    return [[_spans(tagger, version) for version in versions(articles[i], pools)] for i in part]


def _spans(tagger: Tagger, article: Article) -> Found:
    return tagger.spans(_told(article), document=DocumentHints.of(article.text))


def versions(article: Article, pools: Pools) -> list[Article]:
    """The article, and copies of it with firms that nobody knows: what the judge of names learns from."""
    seeds = [random.Random(f"{article.id} {number}") for number in range(COPIES)]  # noqa: S311 (no secret)
    return [article, *(renamed(article, pools, chance, keep=0.0) for chance in seeds)]


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


Scored = list[tuple[Spot, float]]


def measured(
    articles: Sequence[Article],
    parts: Sequence[Sequence[int]],
    looks: Sequence[Sequence[Found]],
    pools: Pools,
    settings: Settings,
) -> list[list[Scored]]:
    """The spans and scores of each article's versions, by a chain and a judge that did not learn from the article."""
    out: list[list[Scored]] = [[] for _ in articles]
    for part in parts:
        rest = [index for index in range(len(articles)) if index not in set(part)]
        weights = judge([articles[i] for i in rest], [looks[i][0] for i in rest], settings)
        for index in part:
            told = zip(versions(articles[index], pools), looks[index], strict=True)
            out[index] = [_judged(version, spans, weights) for version, spans in told]
    return out


def _judged(article: Article, look: Found, weights: npt.NDArray[np.float64]) -> Scored:
    judged = Tagger.judged(_told(article), look, DocumentHints.of(article.text), weights)
    starts = [start for start, _ in article.sentences]
    return [((s.start + b, s.end + b), s.score) for b, spans in zip(starts, judged, strict=True) for s in spans]


def write_marks(
    path: Path,
    data: Path,
    articles: Sequence[Article],
    parts: Sequence[Sequence[int]],
    pools: Pools,
    found: Sequence[list[Scored]],
) -> None:
    """What models say that did not learn from an article, for whatever learns from it or is measured on it.

    A line is {"id", "fold", "marks": [[start, end, score], ...], "copies": [{"text": a digest, "marks": ...}, ...]}:
    marks of an article are spans of its original text, which outlive a change of folding; a copy's are spans of it.
    """
    fold = {index: number for number, part in enumerate(parts) for index in part}
    texts = {row["id"]: row["text"] for row in known_rows(data)}
    with path.open("w", encoding="utf-8") as out:
        for index, article in enumerate(articles):
            folded = normalise(texts[article.id])
            marks = [[*folded.origin(start, end), score] for start, end, score in _marked(found[index][0])]
            told = zip(versions(article, pools)[1:], found[index][1:], strict=True)
            copies = [{"text": digest(copy.text), "marks": _marked(spans)} for copy, spans in told]
            row = {"id": article.id, "fold": fold[index], "marks": marks, "copies": copies}
            out.write(json.dumps(row) + "\n")


def _marked(spans: Scored) -> list[tuple[int, int, float]]:
    score = dict(spans)
    return [(*spot, round(score[spot], 3)) for spot in sorted(chosen(spans, _LEAST_MARK))]


def pools_for(articles: Sequence[Article]) -> Pools:
    """Names to train on, none of which the articles hold."""
    banned = {name for article in articles for family in article.firms for name in family}
    return Pools.build([firm.name for firm in read_firms()], banned)


def main(arguments: list[str] | None = None) -> int:
    """Train, or measure; see the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the gold to learn from")
    parser.add_argument("--same", type=Path, help="clusters of tellings (default: same.jsonl beside the data)")
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--marks", type=Path, default=MARKS, help="where the cross-validated marks go")
    parser.add_argument("--measure", action="store_true", help="print the figures and write nothing")
    parser.add_argument("--marks-only", action="store_true", help="leave the model as it is")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(arguments)
    articles = read(options.data)
    parts = folds([one.id for one in articles], options.same or options.data.with_name("same.jsonl"))
    pools, settings = pools_for(articles), Settings()
    looks = unseen_looks(articles, parts, pools, settings, options.workers)
    found = measured(articles, parts, looks, pools, settings)
    for line in figures(articles, parts, [versions[0] for versions in found]):
        sys.stdout.write(line + "\n")
    if not options.measure:
        write_marks(options.marks, options.data, articles, parts, pools, found)
    if not options.measure and not options.marks_only:
        first = chain(articles, pools, settings).model
        replace(first, judge=judge(articles, [look[0] for look in looks], settings)).save(options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())

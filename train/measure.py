"""Figures of the tagger: how many of the gold's firms it finds where events are proved, how many it makes up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from train.articles import Article, Spot

THRESHOLDS = (0.1, 0.2, 0.3, 0.5, 0.7)
Scored = Sequence[tuple[Spot, float]]


def figures(articles: Sequence[Article], parts: Sequence[Sequence[int]], found: Sequence[Scored]) -> Iterator[str]:
    """One line a threshold; `found` are each article's scored spans, by a model that had not seen its part."""
    known = [{name for index in part for family in articles[index].firms for name in family} for part in parts]
    for threshold in THRESHOLDS:
        count: Counter[str] = Counter()
        for number, part in enumerate(parts):
            seen = {name for other, names in enumerate(known) if other != number for name in names}
            for index in part:
                _count(count, articles[index], chosen(found[index], threshold), seen)
        yield _line(threshold, count)


def chosen(found: Scored, threshold: float) -> set[Spot]:
    """The spans at or above the threshold, the most probable of those that overlap."""
    kept: list[Spot] = []
    for spot, score in sorted(found, key=lambda f: (-f[1], f[0])):
        if score >= threshold and all(spot[1] <= other[0] or spot[0] >= other[1] for other in kept):
            kept.append(spot)
    return set(kept)


def _count(count: Counter[str], article: Article, spots: set[Spot], seen: set[str]) -> None:
    family = {name: names for names in article.firms for name in names}
    for start, end in article.names:
        names = family.get(article.text[start:end])
        if names and _proving(article, start):
            new = "new " if not names & seen else ""
            count.update(told=1, found=(start, end) in spots)
            count.update({f"{new}told": 1, f"{new}found": (start, end) in spots} if new else {})
    right = set(article.names)
    for spot in spots:
        if _proving(article, spot[0]) and not any(spot[0] < end and start < spot[1] for start, end in article.unclear):
            count.update(marked=1, right=spot in right)
    strings = {article.text[start:end] for start, end in spots}
    for names in article.firms:
        if any(name in article.text for name in names):
            new = "new " if not names & seen else ""
            count.update(firms=1, met=bool(names & strings))
            count.update({f"{new}firms": 1, f"{new}met": bool(names & strings)} if new else {})


def _proving(article: Article, at: int) -> bool:
    return any(start <= at < end for start, end in article.proof)


def _line(threshold: float, count: Counter[str]) -> str:
    def share(part: str, whole: str) -> str:
        return f"{count[part] / max(1, count[whole]):.3f} of {count[whole]}"

    return (
        f"≥ {threshold}: names where events are proved: recall {share('found', 'told')}"
        f" (unseen {share('new found', 'new told')}), precision {share('right', 'marked')};"
        f" firms met in their article {share('met', 'firms')} (unseen {share('new met', 'new firms')})"
    )

"""Which tellings tell one real event: a pure function over tellings, whose result no order of arrival changes.

Tellings that agree best are joined first, and a group never holds two that speak against each other.
"""

import json
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from extractor.compare import Facts, likeness
from extractor.kinship import kin, strangers

JOINED_FROM = 1.0  # least likeness that joins two tellings (see extractor/compare.py for what counts how much)


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """One article's telling: `article` names the article (it never tells one event twice), `names` the firm's names."""

    article: Hashable
    facts: Facts
    names: tuple[str, ...]


def cluster(tellings: Sequence[Telling]) -> list[list[Telling]]:
    """`tellings` of one bank in groups of one real event each."""
    if len(tellings) < 2:
        return [list(tellings)] if tellings else []
    ordered = sorted(tellings, key=_canonical)
    groups = {id(telling): [telling] for telling in ordered}
    scores = _scores(ordered)
    for one, other in sorted(scores, key=lambda pair: -scores[pair]):  # stable: equal scores in canonical order
        first, second = groups[id(ordered[one])], groups[id(ordered[other])]
        if scores[one, other] < JOINED_FROM or first is second or not _fit(first, second):
            continue
        first += second
        for telling in second:
            groups[id(telling)] = first
    return list({id(group): group for group in groups.values()}.values())


def reached(fresh: Sequence[Telling], known: Sequence[Telling]) -> list[Telling]:
    """Those of `known` related to a fresh telling, straight or through others: no other can share its group."""
    edge, left, found = list(fresh), list(known), list[Telling]()
    while edge and left:
        near = [telling for telling in left if any(_related(telling, other) for other in edge)]
        taken = set(map(id, near))
        left = [telling for telling in left if id(telling) not in taken]
        found += near
        edge = near
    return found


def _canonical(telling: Telling) -> str:
    """What is told comes before who told it: article ids grow with arrival, and that must decide nothing."""
    return json.dumps([telling.facts, sorted(telling.names), str(telling.article)], sort_keys=True, default=str)


def _scores(tellings: Sequence[Telling]) -> dict[tuple[int, int], float]:
    """How well each two kin tellings agree, by their places."""
    scores = {}
    for (i, one), (j, other) in combinations(enumerate(tellings), 2):
        if _related(one, other) and (score := likeness(one.facts, other.facts)) is not None:
            scores[i, j] = score
    return scores


def _related(one: Telling, other: Telling) -> bool:
    """Whether both are of one enterprise: named alike, or undisclosed, described alike and with an equal amount."""
    if one.names and other.names:
        for name in one.names:
            for its in other.names:
                if kin(name, its):
                    return True
        return False
    if one.names or other.names or one.facts["amount"] is None:
        return False
    described = one.facts["firm_description"], one.facts["amount"]
    return described == (other.facts["firm_description"], other.facts["amount"])


def _fit(first: Sequence[Telling], second: Sequence[Telling]) -> bool:
    """Whether no telling of one group speaks against one of the other."""
    return all(_agree(one, other) for one in first for other in second)


def _agree(one: Telling, other: Telling) -> bool:
    if one.article == other.article or strangers(one.names, other.names):
        return False
    return likeness(one.facts, other.facts) is not None


def as_telling(article: Hashable, event: dict[str, Any], published: str | None) -> Telling:
    """A telling from an event in the gold's form (GUIDELINES.md)."""
    facts = {name: value for name, value in event.items() if name not in ("evidence", "ok", "firm_aliases", "same")}
    facts |= {"published": published, "confidence": event.get("confidence", 1.0)}
    facts.setdefault("shared_amount", False)
    return Telling(article, facts, tuple(n for n in (event["firm"], *event["firm_aliases"]) if n))

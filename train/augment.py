"""More articles from one: its firms get other names, consistently for all names of a firm; the words around stay."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable

from extractor.identity import short_forms
from train.articles import Article, Spot
from train.names import Pools

_LEGAL = re.compile(r"(?:公司|合伙企业|合伙\))\Z")
_CASES = ("向为给对", "与和同跟、", "在从由")
_DIGITS = re.compile(r"(?<![\d.])\d{2,4}(?=万|亿|元|户|家|笔)")


def renamed(article: Article, pools: Pools, chance: random.Random, *, keep: float = 0.1) -> Article:
    """The article with other firms in it; each firm keeps its name with probability `keep`; sums change too."""
    told = {article.text[s:e] for s, e in article.names}
    new: dict[str, str] = {}
    for family in _families(article, told):
        if chance.random() >= keep:
            new |= _family(sorted(family, key=lambda n: (-len(n), n)), pools, chance)
    edits = [(s, e, new.get(article.text[s:e], article.text[s:e]), True) for s, e in article.names]
    edits += [
        (s - 1, s, chance.choice(_case(article.text[s - 1])), False)
        for s, _ in article.names
        if s and chance.random() < 0.3
    ]
    edits += [(m.start(), m.end(), _digits(m.group(), chance), False) for m in _DIGITS.finditer(article.text)]
    return _rewrite(article, edits)


def _families(article: Article, told: set[str]) -> Iterable[set[str]]:
    """The names of an article that belong together: a gold firm's, and others that hold one another's brand."""
    left = set(told)
    for names in article.firms:
        family = set(names) & left
        left -= family
        if family:
            yield family
    for name in sorted(left, key=lambda n: (-len(n), n)):
        if name in left:
            forms = set(short_forms(name)) | {name}
            family = {other for other in left if other in forms}
            left -= family
            yield family


def _family(names: list[str], pools: Pools, chance: random.Random) -> dict[str, str]:
    """New names for one firm's: the part that all share is changed if they share one, else each is made anew."""
    if len(names) == 1:
        return {names[0]: _anew(names[0], pools, chance)}
    shared = _shared(names)
    if shared:
        brand = pools.short(chance) if len(shared) > 3 else pools.brand(chance)
        return {name: name.replace(shared, brand) for name in names}
    return {name: _anew(name, pools, chance) for name in names}


def _anew(name: str, pools: Pools, chance: random.Random) -> str:
    if not _LEGAL.search(name):
        return pools.short(chance)
    brand = min(short_forms(name), key=lambda form: (len(form), form), default="")
    if brand and chance.random() < 0.5:
        return name.replace(brand, pools.brand(chance))
    return pools.full(chance, pools.brand(chance))


def _shared(names: list[str]) -> str:
    """The longest string of two characters or more that all names hold."""
    shortest = min(names, key=len)
    for size in range(len(shortest), 1, -1):
        for at in range(len(shortest) - size + 1):
            if all(shortest[at : at + size] in name for name in names):
                return shortest[at : at + size]
    return ""


def _case(sign: str) -> str:
    """The case words that may stand where one does; any other character only itself."""
    return next((group for group in _CASES if sign in group), sign)


def _digits(told: str, chance: random.Random) -> str:
    return str(chance.randrange(10 ** (len(told) - 1), 10 ** len(told)))


def _rewrite(article: Article, edits: list[tuple[int, int, str, bool]]) -> Article:
    """The article with spans replaced and every other span moved along."""
    pieces: list[str] = []
    moves: list[tuple[int, int]] = [(0, 0)]
    names: list[Spot] = []
    at = grown = 0
    for start, end, text, name in sorted(edits):
        if start < at:
            continue
        pieces += [article.text[at:start], text]
        if name:
            names.append((start + grown, start + grown + len(text)))
        grown += len(text) - (end - start)
        moves.append((end, grown))
        at = end
    pieces.append(article.text[at:])

    def moved(spot: Spot) -> Spot:
        return _move(moves, spot[0]), _move(moves, spot[1])

    sentences, unclear = tuple(map(moved, article.sentences)), tuple(map(moved, article.unclear))
    return Article(article.id, "".join(pieces), sentences, tuple(names), unclear, article.firms)


def _move(moves: list[tuple[int, int]], at: int) -> int:
    low, high = 0, len(moves)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if moves[middle][0] <= at else (low, middle)
    return at + moves[low][1]

"""Places (`data/places.csv`) beside a position. Few pairs of signs begin or end one: these are asked for first."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from extractor.data import table


def place_before(text: str, at: int) -> int:
    """How many signs of a place's name stand right before a position: 2 before 澄砺集团 in 西安澄砺集团; else 0."""
    if text[at - 2 : at] not in _ends():
        return 0
    return next((size for size in (5, 4, 3, 2) if at >= size and text[at - size : at] in _places()), 0)


def place_begins(text: str, at: int) -> bool:
    """Whether a place's name begins at a position."""
    return text[at : at + 2] in _beginnings() and any(text[at : at + size] in _places() for size in (6, 5, 4, 3, 2))


@cache
def _places() -> Mapping[str, str]:
    return table("places", "name", "kind")


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(name[:2] for name in _places())


@cache
def _ends() -> frozenset[str]:
    return frozenset(name[-2:] for name in _places())

"""Recommendations end to end: a → b and b → c make a → b → c. Pure."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def chains(pairs: Iterable[tuple[T, T]], most: int) -> list[tuple[T, ...]]:
    """The longest ways along the pairs, none a part of another as told; at most `most`, the longest first.

    A way begins with who was recommended by nobody, or, where all recommend in a ring, with the first of the ring, and
    meets nobody twice.
    """
    onward: dict[T, dict[T, None]] = {}
    for one, other in pairs:
        if one != other:
            onward.setdefault(one, {})[other] = None
    found: list[tuple[T, ...]] = []
    met: set[T] = set()
    for first in _beginnings(onward):
        if first not in met:
            for way in _ways(first, onward):
                met.update(way)
                found.append(way)
                if len(found) >= most:
                    return sorted(found, key=len, reverse=True)
    return sorted(found, key=len, reverse=True)


def _beginnings(onward: dict[T, dict[T, None]]) -> Iterator[T]:
    """Those that nobody recommended, then all others that recommend: rings have no first."""
    recommended = {other for others in onward.values() for other in others}
    yield from (one for one in onward if one not in recommended)
    yield from (one for one in onward if one in recommended)


def _ways(first: T, onward: dict[T, dict[T, None]]) -> Iterator[tuple[T, ...]]:
    """Every way from `first` to where it cannot go on, depth first, without recursion."""
    open_: list[Sequence[T]] = [(first,)]
    while open_:
        way = open_.pop()
        steps = [other for other in onward.get(way[-1], ()) if other not in way]
        if steps:
            open_ += [(*way, step) for step in reversed(steps)]
        elif len(way) > 1:
            yield tuple(way)

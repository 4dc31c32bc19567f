"""The answers of a function of one argument, kept in a plain dictionary.

`functools.lru_cache` moves each answer that it gives to the end of a list: four more places in memory, none of which
the processor has at hand. An article asks some thousand times.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Told = TypeVar("Told")


def remembered(most: int) -> Callable[[Callable[[Asked], Told]], Callable[[Asked], Told]]:
    """Keep up to `most` answers of a function; one more, and all are forgotten."""
    return lambda make: _Answers(make, most).__getitem__


class _Answers(dict[Asked, Told], Generic[Asked, Told]):
    def __init__(self, make: Callable[[Asked], Told], most: int) -> None:
        self._make, self._most = make, most

    def __missing__(self, asked: Asked) -> Told:
        told = self._make(asked)
        if len(self) >= self._most:
            self.clear()
        self[asked] = told
        return told

"""An attribute that is worked out when it is first asked for, and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801 - a decorator, as `property` is
    """`functools.cached_property` without its lock, which costs more than most of what is kept here takes to make.

    An article is read by one thread, so nobody waits.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self._name = make.__name__
        self.__doc__ = make.__doc__

    def __get__(self, of: Any, kind: type | None = None) -> T:
        """Called at the first use alone: from then on the value stands in the object's own dictionary, before this."""
        made = of.__dict__[self._name] = self._make(of)
        return made

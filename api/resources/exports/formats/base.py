"""The contract of a format: how a table becomes a file, bit by bit."""

from collections.abc import Sequence
from typing import ClassVar, Protocol

from api.resources.exports.columns import Item, Sheet


class Format(Protocol):
    """Writes one table as bytes that are ready to be sent: first `begin`, then `rows` as they come, last `end`.

    `name` is how requests name the format, and the file's suffix. What was written before `end` must not pass for a
    whole file, wherever the format allows that to be seen.
    """

    name: ClassVar[str]
    media_type: ClassVar[str]

    def __init__(self, sheet: Sheet) -> None: ...

    def begin(self) -> bytes:
        """What stands before the first row."""
        ...

    def rows(self, items: Sequence[Item]) -> bytes:
        """Some rows; may keep them back until there are more, yet never more than a fixed number."""
        ...

    def end(self) -> bytes:
        """All that was kept back, and what stands after the last row."""
        ...

    def drop(self) -> None:
        """Let go without an end."""
        ...

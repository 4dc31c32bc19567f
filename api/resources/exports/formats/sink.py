"""A file that cannot seek, for libraries that write to one: what is written is taken off bit by bit."""

import io
from typing import Any


class Sink(io.RawIOBase):
    """Holds what was written since it was last taken."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """It is for writing only."""
        return True

    def write(self, piece: Any) -> int:
        """Keep a piece; its length."""
        kept = bytes(piece)
        self._pieces.append(kept)
        return len(kept)

    def taken(self) -> bytes:
        """All that came since the last time."""
        made = b"".join(self._pieces)
        self._pieces.clear()
        return made

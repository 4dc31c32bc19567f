"""A JSON object a line, each as the list of its resource answers it."""

from collections.abc import Sequence
from typing import ClassVar

import orjson

from api.resources.exports.columns import Item, Sheet


class JsonLines:
    """A table as JSON lines, which know no columns."""

    name: ClassVar = "jsonl"
    media_type: ClassVar = "application/x-ndjson"

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def begin(self) -> bytes:
        """Nothing stands above the rows."""
        return b""

    def rows(self, items: Sequence[Item]) -> bytes:
        """A line for each."""
        return b"".join(orjson.dumps(item, option=orjson.OPT_APPEND_NEWLINE) for item in items)

    def end(self) -> bytes:
        """Nothing follows."""
        return b""

    def drop(self) -> None:
        """Nothing is held."""

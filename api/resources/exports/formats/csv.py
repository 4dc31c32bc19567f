"""Comma-separated values after RFC 4180, in UTF-8 with a byte order mark, by which Excel knows it."""

import csv
import io
from collections.abc import Sequence
from typing import Any, ClassVar

from api.resources.exports.columns import Item, Sheet, text_of

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What spreadsheets take for the beginning of a formula, in full width too (OWASP, CSV Injection)."""


class Csv:
    """A table as CSV. A text that a spreadsheet would take for a formula gets an apostrophe before it."""

    name: ClassVar = "csv"
    media_type: ClassVar = "text/csv; charset=utf-8"

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._buffer = io.StringIO(newline="")
        self._writer = csv.writer(self._buffer, lineterminator="\r\n")

    def begin(self) -> bytes:
        """The mark and the headings."""
        self._writer.writerow(self._sheet.headings)
        return b"\xef\xbb\xbf" + self._taken()

    def rows(self, items: Sequence[Item]) -> bytes:
        """A line for each."""
        columns = self._sheet.columns
        self._writer.writerows([_cell(column.value(item)) for column in columns] for item in items)
        return self._taken()

    def end(self) -> bytes:
        """Nothing follows."""
        return b""

    def drop(self) -> None:
        """Nothing is held."""

    def _taken(self) -> bytes:
        made = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return made.encode()


def _cell(value: Any) -> str:
    told = text_of(value)
    return f"'{told}" if isinstance(value, str | list) and told.startswith(_DANGEROUS) else told

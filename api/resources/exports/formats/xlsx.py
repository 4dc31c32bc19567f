"""An Excel workbook (ECMA-376), zipped as it is made, so that neither rows nor sheets are held anywhere.

The libraries write a whole workbook to disk before its first byte can be sent; the parts that a plain table needs are
few. Texts stand in their cells, where no program takes them for formulas.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar
from xml.sax.saxutils import escape

from api.resources.exports.columns import Item, Sheet, text_of
from api.resources.exports.formats import xlsx_parts as parts
from api.resources.exports.formats.sink import Sink

ROWS = 1_048_576  # of a sheet, its heading included (Excel specifications and limits)
BYTES = 3 * 2**30  # of a sheet unpacked: beyond 4 GiB it would need an extension of zip that Excel does not take
CELL = 32_767  # characters of a cell (the same)
_DAY_ONE = datetime(1899, 12, 30, tzinfo=UTC)  # from which Excel counts days
_NOTHING: tuple[Any, ...] = (None, "", [])
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WRITTEN_SO = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # what would be read as a coded character (ECMA-376, 22.9.2.19)


class Xlsx:
    """A table as a workbook; what does not fit on one sheet stands on further ones, each with the headings."""

    name: ClassVar = "xlsx"
    media_type: ClassVar = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def __init__(self, sheet: Sheet, *, most_rows: int = ROWS) -> None:
        self._sheet, self._most = sheet, most_rows
        self._sink = Sink()
        self._zip = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED, compresslevel=3)
        self._letters = [parts.letters(number) for number in range(len(sheet.columns))]
        self._part: Any = None
        self._sheets = self._row = self._size = 0

    def begin(self) -> bytes:
        """The first sheet's head."""
        self._open()
        return self._sink.taken()

    def rows(self, items: Sequence[Item]) -> bytes:
        """The rows, zipped as far as the packer lets them go."""
        for item in items:
            if self._row >= self._most or self._size > BYTES:
                self._close()
                self._open()
            self._put(self._cells([column.value(item) for column in self._sheet.columns]))
        return self._sink.taken()

    def end(self) -> bytes:
        """The last sheet's foot, and the parts that tell of all sheets."""
        self._close()
        for path, content in parts.frame(self._sheet.title, self._sheets):
            self._zip.writestr(path, content)
        self._zip.close()
        return self._sink.taken()

    def drop(self) -> None:
        """Close the archive into nowhere."""
        if self._part is not None:
            self._part.close()
        self._zip.close()

    def _open(self) -> None:
        self._sheets += 1
        self._row = self._size = 0
        self._part = self._zip.open(f"xl/worksheets/sheet{self._sheets}.xml", "w")
        self._part.write(parts.head([column.kind for column in self._sheet.columns]).encode())
        self._put(self._cells(self._sheet.headings, style=parts.BOLD))

    def _close(self) -> None:
        self._part.write(parts.foot(self._letters[-1], self._row).encode())
        self._part.close()
        self._part = None

    def _put(self, cells: Iterator[str]) -> None:
        self._row += 1
        told = f'<row r="{self._row}">{"".join(cells)}</row>'.encode()
        self._size += len(told)
        self._part.write(told)

    def _cells(self, values: Sequence[Any], *, style: int = parts.USUAL) -> Iterator[str]:
        """The cells of the next row."""
        row = self._row + 1
        places = zip(self._letters, values, strict=True)
        return (_cell(f"{letters}{row}", value, style) for letters, value in places if value not in _NOTHING)


def _cell(place: str, value: Any, style: int) -> str:
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, datetime):
        days = (value - _DAY_ONE).total_seconds() / 86_400
        return f'<c r="{place}" s="{parts.MOMENT}"><v>{days:.9f}</v></c>'
    if isinstance(value, str | list):
        text = f'<is><t xml:space="preserve">{_xml(text_of(value))}</t></is>'
        return f'<c r="{place}" s="{style}" t="inlineStr">{text}</c>'
    return f'<c r="{place}"><v>{text_of(value)}</v></c>'


def _xml(text: str) -> str:
    """The text as it may stand in a cell: characters that XML cannot hold coded, what is too long cut."""
    if len(text) > CELL:
        text = text[: CELL - 1] + "…"
    if "_x" in text:
        text = _WRITTEN_SO.sub("_x005F_", text)
    return escape(_ILLEGAL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)).replace("\r", "_x000D_")

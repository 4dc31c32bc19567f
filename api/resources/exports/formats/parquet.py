"""Apache Parquet: columns with types, written in row groups as they fill."""

from collections.abc import Sequence
from typing import Any, ClassVar

from api.resources.exports.columns import Column, Item, Kind, Sheet
from api.resources.exports.formats.sink import Sink

GROUP = 20_000  # rows in a group: all that is held


class Parquet:
    """A table as Parquet. Without its end, where the index stands, a file cannot be read."""

    name: ClassVar = "parquet"
    media_type: ClassVar = "application/vnd.apache.parquet"

    def __init__(self, sheet: Sheet) -> None:
        import pyarrow as arrow  # half a second and 60 MB that only those pay who ask for it
        from pyarrow import parquet

        self._arrow, self._sheet, self._sink = arrow, sheet, Sink()
        self._schema = arrow.schema([(column.name, _type(arrow, column)) for column in sheet.columns])
        self._file = parquet.ParquetWriter(arrow.PythonFile(self._sink, "w"), self._schema, compression="zstd")
        self._held: list[Any] = []
        self._count = 0

    def begin(self) -> bytes:
        """The format's mark."""
        return self._sink.taken()

    def rows(self, items: Sequence[Item]) -> bytes:
        """A group where enough rows came together."""
        columns = [[column.value(item) for item in items] for column in self._sheet.columns]
        arrays = [self._arrow.array(column, field.type) for column, field in zip(columns, self._schema, strict=True)]
        self._held.append(self._arrow.record_batch(arrays, schema=self._schema))
        self._count += len(items)
        if self._count >= GROUP:
            self._write()
        return self._sink.taken()

    def end(self) -> bytes:
        """The last group and the index."""
        self._write()
        self._file.close()
        return self._sink.taken()

    def drop(self) -> None:
        """Close the file into nowhere."""
        self._file.close()

    def _write(self) -> None:
        if self._held:
            self._file.write_table(self._arrow.Table.from_batches(self._held), row_group_size=self._count)
            self._held, self._count = [], 0


def _type(arrow: Any, column: Column) -> Any:
    made = {
        Kind.TEXT: arrow.string(),
        Kind.WORDS: arrow.list_(arrow.string()),
        Kind.MONEY: arrow.decimal128(24, 2),
        Kind.WHOLE: arrow.int64(),
        Kind.SHARE: arrow.float64(),
        Kind.FLAG: arrow.bool_(),
        Kind.MOMENT: arrow.timestamp("ms", tz="UTC"),
    }
    return made[column.kind]

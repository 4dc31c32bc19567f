"""The formats in which a table can be taken away: to add one, write its file and name it here."""

from api.resources.exports.formats.base import Format
from api.resources.exports.formats.csv import Csv
from api.resources.exports.formats.jsonl import JsonLines
from api.resources.exports.formats.parquet import Parquet
from api.resources.exports.formats.xlsx import Xlsx

FORMATS: tuple[type[Format], ...] = (Csv, Xlsx, JsonLines, Parquet)
NAMES = tuple(one.name for one in FORMATS)


def find(name: str) -> type[Format]:
    """The format of that name."""
    return next(one for one in FORMATS if one.name == name)


__all__ = ["FORMATS", "NAMES", "Format", "find"]

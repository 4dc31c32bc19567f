"""The registers as files: banks, firms, sectors, sources read from CSV, every mistake told with file and line."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from core.errors import RejectedInput
from core.register import BankEntry, FirmEntry

DATA = Path(__file__).parent / "data"

BANK_KINDS = frozenset(
    {
        *("policy", "state", "joint_stock", "city", "rural", "private", "foreign", "village"),
        *("leasing", "investment", "wealth", "other"),
    }
)
"""Kinds of `core.register.BankEntry`; leasing, investment and wealth are financing subsidiaries of a bank."""

SOURCE_KINDS = frozenset({"rss", "atom"})

T = TypeVar("T")
Row = dict[str, str]


class RegisterError(RejectedInput):
    """A register file that cannot be used; the message begins with `FILE, line N:`."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}, line {line}: {reason}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sector:
    """One line of business: `tech` None where firms of it are of both kinds and the article decides."""

    slug: str
    name: str
    name_en: str
    tech: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """One public feed of the default list: `kind` rss or atom, `zone` an IANA zone for times that tell none."""

    name: str
    url: str
    kind: str
    zone: str
    note: str


def read_banks(path: Path | None = None) -> tuple[BankEntry, ...]:
    """The banks of `path` (default: the shipped register), in the file's order; RegisterError for a bad line."""
    return _read(path or DATA / "banks.csv", ("name", "kind", "parent", "stock_code", "region", "aliases"), _bank)


def read_firms(path: Path | None = None) -> tuple[FirmEntry, ...]:
    """The firms of `path` (default: the shipped register), in the file's order; RegisterError for a bad line."""
    columns = ("name", "stock_code", "sector", "tech", "region", "aliases", "source")
    return _read(path or DATA / "firms.csv", columns, _firm)


def read_sectors(path: Path | None = None) -> tuple[Sector, ...]:
    """The sectors of `path` (default: the shipped list), in the file's order; RegisterError for a bad line."""
    return _read(path or DATA / "sectors.csv", ("slug", "name", "name_en", "tech"), _sector)


def read_sources(path: Path | None = None) -> tuple[SourceEntry, ...]:
    """The feeds of `path` (default: the shipped list), in the file's order; RegisterError for a bad line."""
    return _read(path or DATA / "sources.csv", ("name", "url", "kind", "zone", "note"), _source)


def _read(path: Path, columns: tuple[str, ...], entry: Callable[[Row], T]) -> tuple[T, ...]:
    entries, seen = [], set[str]()
    for line, row in _rows(path, columns):
        key = row[columns[0]]
        if not key:
            raise RegisterError(path, line, f"{columns[0]} is empty")
        if key in seen:
            raise RegisterError(path, line, f"{key} stands here twice")
        seen.add(key)
        try:
            entries.append(entry(row))
        except ValueError as error:
            raise RegisterError(path, line, str(error)) from error
    return tuple(entries)


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, Row]]:
    """Each row with the number of its first line."""
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    line = 1
    try:
        header = tuple(next(reader, ()))
        if header != columns:
            raise RegisterError(path, line, f"the columns must be {','.join(columns)}, not {','.join(header)}")
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) != len(columns):
                raise RegisterError(path, line, f"{len(cells)} cells where {len(columns)} are expected")
            yield line, dict(zip(columns, (cell.strip() for cell in cells), strict=True))
            line = reader.line_num + 1
    except csv.Error as error:
        raise RegisterError(path, line, str(error)) from error


def _text(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RegisterError(path, content.count(b"\n", 0, error.start) + 1, str(error)) from error


def _bank(row: Row) -> BankEntry:
    return BankEntry(
        name=row["name"],
        kind=_one_of(row["kind"], BANK_KINDS),
        aliases=_aliases(row),
        stock_code=row["stock_code"] or None,
        parent=row["parent"] or None,
        region=row["region"] or None,
    )


def _firm(row: Row) -> FirmEntry:
    return FirmEntry(
        name=row["name"],
        aliases=_aliases(row),
        stock_code=row["stock_code"] or None,
        sector=row["sector"] or None,
        tech=_truth(row["tech"]),
        region=row["region"] or None,
    )


def _sector(row: Row) -> Sector:
    return Sector(slug=row["slug"], name=row["name"], name_en=row["name_en"], tech=_truth(row["tech"]))


def _source(row: Row) -> SourceEntry:
    if not row["url"].startswith(("http://", "https://")):
        raise ValueError(f"{row['url']!r} is no http address")
    kind = _one_of(row["kind"], SOURCE_KINDS)
    return SourceEntry(name=row["name"], url=row["url"], kind=kind, zone=row["zone"], note=row["note"])


def _aliases(row: Row) -> tuple[str, ...]:
    aliases = tuple(alias for alias in row["aliases"].split("|") if alias)
    for alias in aliases:
        if alias == row["name"] or aliases.count(alias) > 1:
            raise ValueError(f"alias {alias} stands here twice")
    return aliases


def _truth(cell: str) -> bool | None:
    return {"true": True, "false": False, "": None}[_one_of(cell, frozenset({"true", "false", ""}))]


def _one_of(cell: str, known: frozenset[str]) -> str:
    if cell not in known:
        raise ValueError(f"{cell!r} is none of {', '.join(sorted(known - {''}))}")
    return cell

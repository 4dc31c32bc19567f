"""The form of a backup: one .tar.gz, written and read as a stream, so that memory stays flat however large it is.

manifest.json              format, alembic revision, when made, tables in the order of loading with columns and counts
encryption_key             the key(s) that open the secrets at rest, newest first
tables/NNN/PPPPPP          a table's rows in PostgreSQL's COPY text form, cut into parts; NNN as in the manifest
end                        the last member: a file without it was cut off
"""

import gzip
import io
import json
import os
import tarfile
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from core.errors import RejectedInput

FORMAT = 1
PART = 4 * 2**20
"""Bytes after which a table's next part begins."""


@dataclass(frozen=True)
class Table:
    """One table: its columns in the order of the data, how many rows, and its identity column if it has one."""

    name: str
    columns: tuple[str, ...]
    rows: int
    identity: str | None = None


@dataclass(frozen=True)
class Manifest:
    """What a backup holds; `revision` is the alembic revision of its tables, `made_at` an ISO moment in UTC."""

    revision: str
    made_at: str
    tables: tuple[Table, ...]
    format: int = FORMAT


class Writer:
    """Writes the members in their order."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def head(self, manifest: Manifest, keys: Iterable[bytes]) -> None:
        """The manifest and the encryption keys."""
        self._add("manifest.json", json.dumps(asdict(manifest), indent=1).encode())
        self._add("encryption_key", b",".join(keys))

    def table(self, number: int, data: Iterable[bytes | memoryview]) -> None:
        """The rows of table `number`."""
        part, count = bytearray(), 0
        for chunk in data:
            part += chunk
            if len(part) >= PART:
                self._add(f"tables/{number:03}/{count:06}", bytes(part))
                part, count = bytearray(), count + 1
        if part:
            self._add(f"tables/{number:03}/{count:06}", bytes(part))

    def end(self) -> None:
        """Everything is there."""
        self._add("end", b"")

    def _add(self, name: str, content: bytes) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = len(content), 0o600, int(time.time())
        self._tar.addfile(member, io.BytesIO(content))


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A writer to `path` (mode 0600), which appears under its name only when everything is there."""
    fresh = path.with_name(f".{path.name}.part")
    try:
        with (
            os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file,
            gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=6) as packed,
            tarfile.open(fileobj=packed, mode="w|") as tar,
        ):
            yield Writer(tar)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


class Reader:
    """Reads the members in their order; RejectedInput where it is no backup, or not a whole one."""

    def __init__(self, path: Path, tar: tarfile.TarFile, packed: gzip.GzipFile) -> None:
        self._path = path
        self._tar = tar
        self._packed = packed
        self._next = tar.next()
        self.manifest = self._manifest()
        self.keys = [key for key in self._content("encryption_key").split(b",") if key]

    def table(self, number: int) -> Iterator[bytes]:
        """The parts of table `number`; tables are read in the manifest's order."""
        while self._next is not None and self._next.name.startswith(f"tables/{number:03}/"):
            yield self._content(self._next.name)

    def end(self) -> None:
        """Check that nothing is missing; gzip compares its checksum when it is read to its end."""
        self._content("end")
        while self._packed.read(PART):
            pass

    def _content(self, name: str) -> bytes:
        member = self._next
        file: IO[bytes] | None = self._tar.extractfile(member) if member and member.name == name else None
        if file is None:
            raise RejectedInput(f"{self._path}: not a whole backup: {name} is missing where it belongs")
        content = file.read()
        self._next = self._tar.next()
        return content

    def _manifest(self) -> Manifest:
        told = json.loads(self._content("manifest.json"))
        if told.get("format") != FORMAT:
            raise RejectedInput(
                f"{self._path}: backup format {told.get('format')!r} is not the {FORMAT} of this version"
            )
        tables = tuple(Table(**{**table, "columns": tuple(table["columns"])}) for table in told["tables"])
        return Manifest(**{**told, "tables": tables})


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """A reader of `path`; what is no gzip, no tar, cut off or damaged is a RejectedInput."""
    try:
        with gzip.open(path) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            yield Reader(path, tar, packed)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValueError, TypeError, KeyError) as error:
        raise RejectedInput(f"{path}: cannot be read as a backup ({error})") from error


def check(path: Path) -> Manifest:
    """Read the whole of `path` and return its manifest, so that a damaged file is known before anything is changed."""
    with reading(path) as reader:
        for number, table in enumerate(reader.manifest.tables):
            rows = sum(part.count(b"\n") for part in reader.table(number))  # COPY writes a line break only at row ends
            if rows != table.rows:
                raise RejectedInput(f"{path}: table {table.name} holds {rows} rows where {table.rows} are promised")
        reader.end()
        return reader.manifest

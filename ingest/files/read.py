"""One file's articles, in pieces that are each kept whole: a document is one piece, a file of lines is many."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import IO, NamedTuple

import structlog

from core import sql
from core.clock import as_utc
from core.errors import RejectedInput, TemporaryFailure, YinqiError
from core.models import Source
from ingest import formats
from ingest.draft import Draft, draft
from ingest.errors import BadArticle
from ingest.files.walk import Found, content_type, is_lines
from ingest.formats import Body, Item, Parsed
from ingest.gather import Problems, gather
from ingest.lines import Given, from_line

log = structlog.get_logger(__name__)
MEBIBYTE = 2**20
LARGEST = {".pdf": 50 * MEBIBYTE, ".docx": 50 * MEBIBYTE}
"""Bytes of a file that is read as a whole, as of what comes from a site; others have 15 MiB."""
_LARGEST = 15 * MEBIBYTE
_LONGEST_LINE = 32 * MEBIBYTE  # bytes; an article of 5,000,000 characters, each written as \\uXXXX, is 30 MB
_PIECE = 200  # articles of a file of lines that are kept together
_PIECE_CHARACTERS = 4_000_000
_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile)

Reader = Callable[[Body], Parsed]


def open_plainly(path: Path) -> IO[bytes]:
    """The file as it is."""
    return path.open("rb")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How files are read: what articles get that tell no time or no source, where naive times are read, by what a
    document is read and a file is opened."""

    published: date | datetime | None = None
    source_name: str | None = None
    zone: str = "Asia/Shanghai"
    reader: Reader = formats.read
    opener: Callable[[Path], IO[bytes]] = open_plainly


class Place(NamedTuple):
    """How far a file is read: bytes (unpacked), and the lines before them."""

    position: int = 0
    line: int = 0


BEGINNING = Place()
STDIN = Found(Path("standard input"), 0, 0, passing=True)
"""What comes as lines from nowhere: no file that could be known again."""


@dataclass(slots=True)
class Piece:
    """What a part of a file gave, and how far the file is read with it; `done`: to its end.

    `packed`: bytes of the file, as it lies, that it took.
    """

    found: Found
    place: Place = BEGINNING
    done: bool = False
    drafts: list[Draft] = field(default_factory=list)
    links: list[Item] = field(default_factory=list)
    problems: Problems = field(default_factory=list)
    characters: int = 0
    packed: int = 0

    @property
    def is_full(self) -> bool:
        """Whether it should be kept before more is read."""
        return len(self.drafts) + len(self.problems) >= _PIECE or self.characters >= _PIECE_CHARACTERS

    def add(self, made: Draft) -> None:
        """One more article."""
        self.drafts.append(made)
        self.characters += len(made.text)


def pieces(found: Found, manner: Manner, start: Place = BEGINNING) -> Iterator[Piece]:
    """The articles of a file from `start` on; never raises for what is wrong with the file."""
    try:
        if is_lines(found.path):
            yield from _of_lines(found, manner, start)
        else:
            yield _document(found, manner)
    except (OSError, TemporaryFailure) as error:  # to be tried again
        yield Piece(found, start, problems=[(found.name, getattr(error, "strerror", None) or str(error))])
    except YinqiError as error:
        yield _bad(found, str(error).removeprefix(f"{found.name}: "))
    except Exception as error:  # a fault of ours with one file of a million must not stop the others
        log.exception("file.unexpected", file=found.name)
        yield _bad(found, f"unexpected {type(error).__name__}: {error}"[:300])


def _document(found: Found, manner: Manner) -> Piece:
    most = LARGEST.get(found.path.suffix.lower(), _LARGEST)
    with manner.opener(found.path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise RejectedInput(f"{found.name}: larger than {most // MEBIBYTE} MiB")
    type_ = content_type(found.path) or ""
    kind = "page" if type_ == "text/html" else ""
    parsed = manner.reader(Body(content=content, url=found.name, content_type=type_, kind=kind, zone=manner.zone))
    items = tuple(_item(item, manner) for item in parsed.items)
    # its errors name the file; an item without an address is kept as what it says
    owner = sql.record(Source, url=found.name, name=manner.source_name, full_text=False)
    gathered = gather(owner, parsed._replace(items=items))
    piece = Piece(found, Place(len(content)), True, packed=found.size)
    piece.links, piece.problems = gathered.links, gathered.problems
    for made in gathered.drafts:
        piece.add(made)
    return piece


def _item(item: Item, manner: Manner) -> Item:
    """The item with what the caller knows besides; an address that is the file's own path is none."""
    return replace(
        item,
        url=item.url if item.url and item.url.lower().startswith(("http://", "https://")) else None,
        published=item.published or moment(manner.published),
        source_name=item.source_name or manner.source_name,
    )


def _of_lines(found: Found, manner: Manner, start: Place) -> Iterator[Piece]:
    piece, taken = Piece(found, start), 0
    try:
        with manner.opener(found.path) as raw, _unpacked(found, raw) as file:
            file.seek(start.position)
            for piece in line_pieces(found, file, manner, start):
                piece.packed, taken = raw.tell() - taken, raw.tell()
                if not piece.done:
                    yield piece
    except _BROKEN as error:
        piece = Piece(found, piece.place)
        piece.problems.append((found.name, f"breaks off after line {piece.place.line}: {error}"))
    piece.packed, piece.done = max(0, found.size - taken), True
    yield piece


def line_pieces(found: Found, file: IO[bytes], manner: Manner, start: Place = BEGINNING) -> Iterator[Piece]:
    """The articles of lines that a stream holds from here on; the last piece is `done`."""
    piece, position = Piece(found, start), start.position
    for line, content, length in _lines(file, start.line):
        where = f"{found.name}, line {line}"
        if content is None:
            piece.problems.append((where, f"longer than {_LONGEST_LINE:,} bytes"))
        elif content.strip():
            _add_line(piece, where, content, manner)
        position += length
        piece.place = Place(position, line)
        if piece.is_full:
            yield piece
            piece = Piece(found, piece.place)
    piece.done = True
    yield piece


def _unpacked(found: Found, raw: IO[bytes]) -> IO[bytes]:
    return gzip.open(raw) if found.path.name.lower().endswith(".gz") else raw  # type: ignore[return-value]


def _lines(file: IO[bytes], line: int) -> Iterator[tuple[int, bytes | None, int]]:
    """Number, content and length of each line; no content where it is too long to be held."""
    while content := file.readline(_LONGEST_LINE):
        line, length = line + 1, len(content)
        if length < _LONGEST_LINE or content.endswith(b"\n"):
            yield line, content, length
            continue
        while rest := file.readline(_LONGEST_LINE):
            length += len(rest)
            if rest.endswith(b"\n"):
                break
        yield line, None, length


def _add_line(piece: Piece, where: str, content: bytes, manner: Manner) -> None:
    for outcome in from_line(where, content, manner.published, with_id=False):
        if not isinstance(outcome, Given):
            piece.problems.append((where, str(outcome).removeprefix(f"{where}: ")))
            continue
        try:
            piece.add(drafted(outcome, manner.source_name))
        except BadArticle as error:
            piece.problems.append((where, str(error)))


def drafted(given: Given, source_name: str | None = None) -> Draft:
    """A line's article, ready to be kept; BadArticle where it cannot be."""
    return draft(
        title=given.title,
        text=given.text,
        url=given.more.get("url"),
        published=moment(given.published),
        author=given.more.get("author"),
        source_name=given.more.get("source") or source_name,
    )


def moment(published: date | datetime | None) -> datetime | None:
    """A bare day counts from its first minute in China."""
    if published is None:
        return None
    if not isinstance(published, datetime):
        published = datetime.combine(published, time())
    return as_utc(published).astimezone(UTC)


def _bad(found: Found, reason: str) -> Piece:
    return Piece(found, Place(found.size), True, packed=found.size, problems=[(found.name, reason)])

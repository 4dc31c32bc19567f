"""Which items of a feed stand there as they stood at its last reading, sign by sign, so that the others alone are read.

A feed tells its last ten or hundred items at every change, of which one is new. An item is known again by a mark of
the bytes it is written in and of what stands around it and counts for it (namespaces, base, language). Where a feed is
not plainly well formed, or one of its items could count for another, no marks are given and all of it is read.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple
from xml.parsers import expat

from ingest.formats.base import Item

MOST = 1_000  # items of a feed whose marks are kept
_MARK, _ADDRESS = 8, 4  # bytes; an attacker who makes two items of one mark hides his own item
_ITEMS = frozenset({"item", "entry"})
_XHTML = ["xmlns", "http://www.w3.org/1999/xhtml"]
_BASES = frozenset({"xml:base", "base"})
Marks = Mapping[bytes, bytes]
"""The marks of items, and for each the mark of its address (empty: it has none)."""


class Piece(NamedTuple):
    """Where an item stands in the document, and its mark."""

    begin: int
    end: int
    mark: bytes


def pieces(document: bytes, around: str) -> list[Piece] | None:
    """The items of a feed in their order, None where they cannot be told apart for certain.

    `around`: what else than the document decides how an item is read.
    """
    cutter = _Cutter(document, around)
    try:
        return cutter.cut()
    except (expat.ExpatError, _Uncertain):
        return None


def without(document: bytes, left_out: Sequence[Piece]) -> bytes:
    """The document without some of its items."""
    kept, at = [], 0
    for piece in left_out:
        kept.append(document[at : piece.begin])
        at = piece.end
    return b"".join([*kept, document[at:]])


def packed(told: Sequence[Piece], items: Mapping[int, Item], before: Marks) -> bytes:
    """Marks for the next reading: of the items that were read now, by their place from 0, and of those known before."""
    marks = []
    for place, piece in enumerate(told):
        if place in items:
            marks.append(piece.mark + (address_mark(items[place].url) or bytes(_ADDRESS)))
        elif piece.mark in before:
            marks.append(piece.mark + (before[piece.mark] or bytes(_ADDRESS)))
    return b"".join(marks)


def unpacked(marks: bytes) -> Marks:
    """The way back."""
    size = _MARK + _ADDRESS
    found = (marks[at : at + size] for at in range(0, len(marks) - size + 1, size))
    return {one[:_MARK]: one[_MARK:].rstrip(b"\0") and one[_MARK:] for one in found}


def address_mark(url: str | None) -> bytes:
    """What an address is known by, empty for none."""
    return blake2b(url.encode("utf-8", "replace"), digest_size=_ADDRESS).digest() if url else b""


class _Uncertain(Exception):
    """An item may count for another, or is not where items stand."""


class _Cutter:
    def __init__(self, document: bytes, around: str) -> None:
        self._document, self._around = document, around.encode("utf-8", "replace")
        self._outside: list[Any] = []  # of the elements that are open around the items: name and attributes
        self._depth = 0  # inside of an item
        self._begin = 0
        self._found: list[Piece] = []

    def cut(self) -> list[Piece]:
        self._expat = expat.ParserCreate("utf-8")
        self._expat.ordered_attributes = True
        self._expat.StartDoctypeDeclHandler = self._uncertain
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.Parse(self._document, True)
        return self._found

    def _uncertain(self, *_: Any) -> None:
        raise _Uncertain

    def _start(self, name: str, attributes: list[str]) -> None:
        if self._depth:
            self._depth += 1
        elif name in _ITEMS and 1 <= len(self._outside) <= 2 and self._outside[0][0] not in _ITEMS:
            self._depth, self._begin = 1, self._expat.CurrentByteIndex
        else:
            self._outside.append((name, attributes))
            return
        if attributes and any(map(_counts_beyond, attributes[::2], attributes[1::2])):
            raise _Uncertain

    def _end(self, name: str) -> None:
        if not self._depth:
            self._outside.pop()
            return
        self._depth -= 1
        if not self._depth:
            self._found.append(self._piece(name, self._begin, self._expat.CurrentByteIndex))
            if len(self._found) > MOST:
                raise _Uncertain

    def _piece(self, name: str, begin: int, closing: int) -> Piece:
        if not self._document.startswith(f"</{name}".encode(), closing):  # <item/>
            raise _Uncertain
        end = self._document.index(b">", closing) + 1
        told = blake2b(self._around, digest_size=_MARK)
        told.update(repr(self._outside).encode("utf-8", "replace"))
        told.update(self._document[begin:end])
        return Piece(begin, end, told.digest())


def _counts_beyond(name: str, value: str) -> bool:
    """Whether an attribute inside an item changes how feedparser reads what follows the item: it forgets no namespace,
    and not always a base."""
    return name in _BASES or (name.startswith("xmlns") and [name, value] != _XHTML)

"""A register of a million names as one block of bytes: no building at the start, no copy in each process.

An automaton of so many names takes half a minute to build and cannot be stored. A name table is built once, kept in
PostgreSQL, and read as it lies, so that a worker has it as soon as the bytes are there. Its parts:

- a map of the names' first two characters, and a bitmap of their first 2, 3 or 4 (by the name's length): they tell
  for almost every place of a text that no name begins there; numpy asks for all places of a text at once;
- the first characters themselves, sorted, each with the lengths that names beginning so have;
- the hashes of all names, sorted, with each name's place and its entry's.

What the hashes find is compared with the name itself, so that a table never finds what is not there.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint64]
HEADS = (2, 3, 4)
"""First characters that are looked up: of names of 2, of 3, and of 4 or more characters."""
LONGEST = 62
"""Characters of a name at most; the lengths of names that begin alike are bits of one number."""
_MAGIC = b"yinqi names 1\n"
_ALIGN = 64
_PADDING = bytes(4 * (HEADS[-1] - 1))
_MIX, _WORD = 0x9E3779B97F4A7C15, (1 << 64) - 1
_FIRST, _SECOND = np.uint32(0x9E3779B1), np.uint32(0x85EBCA77)
_SIXTEEN = np.uint64(16)
_PARTS = {
    "pairs": np.uint8,
    "bitmap": np.uint8,
    **{f"heads{size}": np.uint64 for size in HEADS},
    **{f"lengths{size}": np.uint64 for size in HEADS},
    **{"hashes": np.uint64, "starts": np.uint32, "names": np.uint8},
    **{"entry_of": np.uint32, "entry_starts": np.uint64, "entries": np.uint8},
}
Hit = tuple[int, int, str]


class NameTable:
    """Names with an entry each, found in a text leftmost and longest.

    `data` is what `build` made; `read` makes an entry of what its JSON says. ValueError for other bytes.
    """

    def __init__(self, data: bytes | memoryview, read: Callable[[Any], Any] = lambda told: told) -> None:
        self._data = memoryview(data)
        self._read = read
        if bytes(self._data[: len(_MAGIC)]) != _MAGIC:
            raise ValueError("these bytes are no table of names")
        size = int.from_bytes(self._data[len(_MAGIC) : len(_MAGIC) + 8], "little")
        header = json.loads(bytes(self._data[len(_MAGIC) + 8 : len(_MAGIC) + 8 + size]))
        self._parts = {
            name: np.frombuffer(self._data, kind, header[name][1], header[name][0]) for name, kind in _PARTS.items()
        }
        self._shift = 64 - header["bits"]
        self._pairs_shift = np.uint32(32 - header["bits"] + 4)
        self._pairs = self._parts["pairs"].view(np.bool_)
        self._bitmap = self._parts["bitmap"].data
        self._heads = {size: self._parts[f"heads{size}"].data for size in HEADS}
        self._hashes = self._parts["hashes"].data
        self._lengths = lru_cache(maxsize=100_000)(self._lengths_after)
        self.entry = lru_cache(maxsize=20_000)(self._entry)

    def __len__(self) -> int:
        return len(self._parts["hashes"])

    def find(self, text: str, start: int = 0) -> Iterator[Hit]:
        """(start, end, name) of the names in `text[start:]`, leftmost longest, without overlaps."""
        taken = start
        for at, lengths in self._candidates(text, start):
            if at < taken:
                continue
            for length in _bits(lengths):
                name = text[at : at + length]
                if len(name) == length and self._place(name) is not None:
                    yield at, at + length, name
                    taken = at + length
                    break

    def get(self, name: str) -> Any:
        """The entry of a name as it was given to `build`; None where the table has no such name."""
        place = self._place(name)
        return None if place is None else self.entry(int(self._parts["entry_of"][place]))

    def _candidates(self, text: str, start: int) -> Iterator[tuple[int, int]]:
        """Places where names may begin, in order, each with a bit for each length that such names have."""
        points = points_of(text, start)
        likely = self._pairs.take(pairs_of(points) >> self._pairs_shift).nonzero()[0].tolist()
        if not likely:
            return
        plain = points.astype(">u2").tobytes()
        for place in likely:
            lengths = self._lengths(plain[2 * place : 2 * place + 8])
            if lengths:
                yield start + place, lengths

    def _lengths_after(self, four: bytes) -> int:
        """A bit for each length of the names that begin with the first 2, the first 3 or all of four characters."""
        lengths, head = 0, int.from_bytes(four, "big")
        for size in reversed(HEADS):
            slot = (head * _MIX & _WORD) >> self._shift
            if self._bitmap[slot >> 3] >> (slot & 7) & 1:
                known = self._heads[size]
                index = bisect_left(known, head)
                if index < len(known) and known[index] == head:
                    lengths |= int(self._parts[f"lengths{size}"][index])
            head >>= 16
        return lengths

    def _place(self, name: str) -> int | None:
        """The place of a name among the names, or None."""
        told = name.encode("utf-8", "surrogatepass")
        hashed = hash_of(told)
        hashes, starts, names = self._hashes, self._parts["starts"], self._parts["names"]
        at = bisect_left(hashes, hashed)
        while at < len(hashes) and hashes[at] == hashed:
            if names[int(starts[at]) : int(starts[at + 1])].tobytes() == told:
                return at
            at += 1
        return None

    def _entry(self, number: int) -> Any:
        starts = self._parts["entry_starts"]
        return self._read(json.loads(self._parts["entries"][int(starts[number]) : int(starts[number + 1])].tobytes()))


def build(names: Mapping[str, int], entries: Sequence[bytes]) -> bytes:
    """A table of `names`, each with the number of its entry; `entries` are JSON. Names longer than LONGEST stay out.

    A million names take some twenty seconds and a gigabyte of memory while the table is built.
    """
    kept = [name for name in names if 2 <= len(name) <= LONGEST]
    told = [name.encode("utf-8", "surrogatepass") for name in kept]
    hashes = np.fromiter((hash_of(name) for name in told), np.uint64, len(told))
    order = np.argsort(hashes, kind="stable")
    parts: dict[str, npt.NDArray[Any]] = {"hashes": hashes[order]}
    parts["entry_of"] = np.fromiter((names[name] for name in kept), np.uint32, len(kept))[order]
    told = [told[i] for i in order.tolist()]
    parts["starts"] = _starts(told).astype(np.uint32)
    parts["names"] = np.frombuffer(b"".join(told), np.uint8)
    parts["entry_starts"] = _starts(entries)
    parts["entries"] = np.frombuffer(b"".join(entries), np.uint8)
    bits = max(16, (len(kept) * 32).bit_length())
    parts["bitmap"] = np.zeros(1 << (bits - 3), np.uint8)
    parts["pairs"] = np.zeros(1 << (bits - 4), np.uint8)
    for size in HEADS:
        group = [name for name in kept if min(len(name), HEADS[-1]) == size]
        heads, lengths, pairs = _heads(group, size)
        parts["pairs"][pairs >> np.uint32(32 - bits + 4)] = 1
        slots = (heads * np.uint64(_MIX)) >> np.uint64(64 - bits)
        bit = np.uint8(1) << (slots & np.uint64(7)).astype(np.uint8)
        np.bitwise_or.at(parts["bitmap"], (slots >> np.uint64(3)).astype(np.intp), bit)
        parts[f"heads{size}"], parts[f"lengths{size}"] = heads, lengths
    return _bytes(parts, bits)


def points_of(text: str, start: int = 0) -> npt.NDArray[np.uint32]:
    """The code points of `text[start:]`, and as many zeros as the longest head has characters more than one."""
    told = text[start:] if start else text
    return np.frombuffer(told.encode("utf-32-le", "surrogatepass") + _PADDING, np.uint32)


def pairs_of(points: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """At each place a number, spread over 32 bits, that tells the two characters there."""
    return points[: 1 - HEADS[-1]] * _FIRST + points[1 : len(points) - HEADS[-1] + 2] * _SECOND


def hash_of(name: bytes) -> int:
    """A name's hash, the same on every machine."""
    return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "little")


def _heads(names: Sequence[str], size: int) -> tuple[Codes, Codes, npt.NDArray[np.uint32]]:
    """The first characters of names, sorted; for each the lengths of the names that begin so, as bits; the pairs."""
    if not names:
        return np.zeros(0, np.uint64), np.zeros(0, np.uint64), np.zeros(0, np.uint32)
    firsts = np.frombuffer("".join(name[:size] for name in names).encode("utf-32-le", "surrogatepass"), np.uint32)
    rows = firsts.reshape(-1, size)
    heads = np.zeros(len(rows), np.uint64)
    for column in range(size):
        heads = (heads << _SIXTEEN) | rows[:, column].astype(np.uint16).astype(np.uint64)
    bits = np.left_shift(np.uint64(1), np.fromiter(map(len, names), np.uint64, len(names)))
    unique, group = np.unique(heads, return_inverse=True)
    lengths = np.zeros(len(unique), np.uint64)
    np.bitwise_or.at(lengths, group, bits)
    return unique, lengths, np.unique(rows[:, 0] * _FIRST + rows[:, 1] * _SECOND)


def _starts(pieces: Iterable[bytes]) -> Codes:
    return np.concatenate([[0], np.cumsum([len(piece) for piece in pieces])]).astype(np.uint64)


def _bits(lengths: int) -> Iterator[int]:
    """The lengths whose bits are set, the longest first."""
    while lengths:
        length = lengths.bit_length() - 1
        yield length
        lengths ^= 1 << length


def _bytes(parts: Mapping[str, npt.NDArray[Any]], bits: int) -> bytes:
    header: dict[str, Any] = {"bits": bits}
    at = len(_MAGIC) + 8 + 1024
    for name in _PARTS:
        at += -at % _ALIGN
        header[name] = (at, len(parts[name]))
        at += parts[name].nbytes
    told = json.dumps(header).encode()
    out = bytearray(at)
    out[: len(_MAGIC)] = _MAGIC
    out[len(_MAGIC) : len(_MAGIC) + 8] = len(told).to_bytes(8, "little")
    out[len(_MAGIC) + 8 : len(_MAGIC) + 8 + len(told)] = told
    for name, kind in _PARTS.items():
        start = header[name][0]
        out[start : start + parts[name].nbytes] = parts[name].astype(kind, copy=False).tobytes()
    return bytes(out)

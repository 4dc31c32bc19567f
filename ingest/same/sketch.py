"""What of a text is stored to find its reprints by: a few of its shingles, chosen by their hashes (MinHash).

A shingle is 24 signs in a row, blanks and punctuation left out: long, because a reprint repeats whole sentences, and
because texts of one template differ within 24 signs more often than not. Of all shingles those with the lowest hashes
are kept, half of them out of those with a digit: a cut text has kept most of the lowest ones of the whole, and those
with a digit are shared least among texts of one template. A further one is the hash of the whole text without its
furniture, which no text of a template shares with another. Each is a band of its own; texts that share one are
compared. (Broder, "On the resemblance and containment of documents", 1997.)
"""

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from ingest.same.fold import shingled
from ingest.same.furniture import body

LENGTH = 24  # signs of a shingle
SHINGLES = 8  # that are kept, half of them with a digit where there are so many
LONGEST = 100_000  # characters that are looked at
_SHORT = 6  # signs of a shingle by which the likeness of two versions is told
_ODD = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))  # splitmix64's
_BASE = 0x100000001B3


def sketch(text: str) -> list[int]:
    """The bands of a text: up to nine integers of 64 bits, signed as PostgreSQL has them."""
    told = body(text[:LONGEST]).text
    signs = shingled(told if told.strip() else text[:LONGEST])
    hashes = _hashes(signs, LENGTH)
    counts = np.cumsum((signs >= ord("0")) & (signs <= ord("9")), dtype=np.int64)
    digits = counts[LENGTH - 1 :].copy() if len(signs) > LENGTH else counts[-1:]
    digits[1:] -= counts[: len(digits) - 1]
    chosen = dict.fromkeys(_lowest(hashes[digits > 0], SHINGLES // 2) + _lowest(hashes, SHINGLES))
    whole = int.from_bytes(blake2b(signs.tobytes(), digest_size=8).digest(), "big", signed=True)
    return [whole, *list(chosen)[:SHINGLES]] if len(signs) else []


def likeness(one: str, other: str) -> float:
    """Which share of the shorter text's short shingles stands in the other (0 to 1)."""
    mine, others = (np.unique(_hashes(shingled(text[:LONGEST]), _SHORT)) for text in (one, other))
    fewest = min(len(mine), len(others))
    return len(np.intersect1d(mine, others, assume_unique=True)) / fewest if fewest else 0.0


def _hashes(signs: NDArray[np.uint32], length: int) -> NDArray[np.uint64]:
    """A hash of each `length` signs in a row; one of the whole where there are fewer."""
    length = min(length, len(signs))
    if not length:
        return np.zeros(0, dtype=np.uint64)
    part, width, done = signs.astype(np.uint64), 1, 0
    whole: NDArray[np.uint64] | None = None
    with np.errstate(over="ignore"):
        while True:  # by doubling: hashes of 1, 2, 4 … signs, put together to `length`
            if length & width:
                whole, done = (part, width) if whole is None else (_joined(whole, part, done, width), done + width)
            if done == length:
                break
            part, width = _joined(part, part, width, width), 2 * width
        assert whole is not None
        return _mixed(whole)


def _joined(one: NDArray[np.uint64], other: NDArray[np.uint64], at: int, width: int) -> NDArray[np.uint64]:
    """Hashes of `at + width` signs out of those of `at` and of the `width` that follow."""
    count = min(len(one), len(other) - at)
    factor = np.uint64(pow(_BASE, width, 2**64))
    joined: NDArray[np.uint64] = one[:count] * factor + other[at : at + count]
    return joined


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    values = values * _ODD[0]
    values = (values ^ (values >> np.uint64(30))) * _ODD[1]
    values = (values ^ (values >> np.uint64(27))) * _ODD[2]
    return values ^ (values >> np.uint64(31))


def _lowest(hashes: NDArray[np.uint64], count: int) -> list[int]:
    several = 4 * count  # a text may repeat itself
    if len(hashes) > several:
        hashes = np.partition(hashes, several)[:several]
    lowest: list[int] = np.unique(hashes)[:count].view(np.int64).tolist()
    return lowest

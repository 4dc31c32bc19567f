"""Blocks into sentences and clauses, by Chinese punctuation; a closing quotation mark stays with its sentence."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from extractor.stories import Block

_SENTENCE = re.compile(r"[^。！？；!?;]*[。！？；!?;]*[”’)]?")
_LONGEST = 1000
_CLAUSE = re.compile(r"[，：:\t\n|\u3000,—](?<!\d,)(?:(?<!—)|—)")
"""Signs of any of these, but for a comma behind a digit and a dash that is alone. The set stands first, so that `re`
skips to its members."""


class Sentence(NamedTuple):
    """A sentence's span in the plain text; `commas` are where its clauses end; `block` is the one it stands in."""

    start: int
    end: int
    block: Block
    commas: tuple[int, ...]

    def clause(self, at: int) -> int:
        """The number of the clause a position stands in, from 0."""
        return bisect_left(self.commas, at)


def sentences(text: str, blocks: Iterable[Block]) -> Iterator[Sentence]:
    """The sentences of every block that is not residue; one that is too long is cut."""
    commas = [comma.start() for comma in _CLAUSE.finditer(text)]
    for block in blocks:
        if block.kind == "residue":
            continue
        for match in _SENTENCE.finditer(text, block.start, block.end):
            start, end = match.span()
            for first, last in ((start, end),) if end - start <= _LONGEST else _cut(text, start, end):
                if first < last and not (text[first].isspace() and text[first:last].isspace()):
                    begin = bisect_left(commas, first)
                    yield Sentence(first, last, block, tuple(commas[begin : bisect_left(commas, last, begin)]))


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A span in pieces of bounded length, so that what is compared within a sentence stays bounded too."""
    while end - start > _LONGEST:
        comma = text.rfind("，", start + 1, start + _LONGEST)
        stop = comma + 1 if comma > 0 else start + _LONGEST
        yield start, stop
        start = stop
    if start < end:
        yield start, end

"""What a sentence speaks of, in some thirty senses: money paid, approved, owed, deposited; a policy, a price.

The words are in `data/senses.csv`, ours. A sense tells the judge more than its words do, since the gold is small and
a word that never stood in it may yet be met.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from extractor.data import rows
from extractor.wordlist import WordList


class Sense(NamedTuple):
    """A word at `start` to `end` and its senses."""

    start: int
    end: int
    names: tuple[str, ...]


@cache
def _words() -> tuple[WordList, dict[str, tuple[str, ...]]]:
    senses: dict[str, tuple[str, ...]] = {}
    for row in rows("senses"):
        for word in row["words"].split():
            senses[word] = (*senses.get(word, ()), row["sense"])
    return WordList({word: word for word in senses}), senses


def senses(text: str, start: int, end: int) -> Sequence[Sense]:
    """The senses of a span in order; where words overlap the longest at the leftmost place."""
    finder, known = _words()
    return [Sense(first, last, known[word]) for first, last, word in finder.find(text, start, end)]

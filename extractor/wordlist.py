"""A word list as a searcher: every phrase of a data file found in one pass, leftmost and longest."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

_FEW = 30  # phrases up to which finding each by itself in one text costs less than building an automaton


class WordList:
    """Phrases with a value each. Matches never overlap."""

    def __init__(self, phrases: Mapping[str, str]) -> None:
        self._phrases = list(phrases)
        self._values = list(phrases.values())
        how = Implementation.ContiguousNFA
        self._automaton = AhoCorasick(self._phrases, matchkind=MatchKind.LeftmostLongest, implementation=how)

    def find(self, text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int, str]]:
        """(start, end, value) of every phrase in `text[start:end]`, positions of the whole text."""
        part = text if start == 0 and end is None else text[start:end]
        for index, first, last in self._automaton.find_matches_as_indexes(part):
            yield start + first, start + last, self._values[index]


def find_once(phrases: Collection[str], text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, phrase) of phrases that are looked for in one text alone, as a word list finds them."""
    if len(phrases) > _FEW:
        yield from WordList({phrase: phrase for phrase in phrases}).find(text)
        return
    taken = 0
    for start, size, phrase in sorted(place for each in phrases for place in _places(each, text)):
        if start >= taken:
            taken = start - size
            yield start, taken, phrase


def _places(phrase: str, text: str) -> Iterator[tuple[int, int, str]]:
    """Every place of a phrase, with its length below zero: of two at one place the longer comes first."""
    at = text.find(phrase)
    while at >= 0:
        yield at, -len(phrase), phrase
        at = text.find(phrase, at + 1)

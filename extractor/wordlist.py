"""A word list as a searcher: every phrase of a data file found in one pass, leftmost and longest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

_FEW = 300  # phrases up to which building the automaton costs more than its searches save


class WordList:
    """Phrases with a value each. Matches never overlap."""

    def __init__(self, phrases: Mapping[str, str]) -> None:
        self._phrases = list(phrases)
        self._values = list(phrases.values())
        kind = Implementation.NoncontiguousNFA if len(self._phrases) <= _FEW else None
        self._automaton = AhoCorasick(self._phrases, matchkind=MatchKind.LeftmostLongest, implementation=kind)

    def find(self, text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int, str]]:
        """(start, end, value) of every phrase in `text[start:end]`, positions of the whole text."""
        part = text if start == 0 and end is None else text[start:end]
        for index, first, last in self._automaton.find_matches_as_indexes(part):
            yield start + first, start + last, self._values[index]

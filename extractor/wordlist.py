"""A word list as a searcher: every phrase of a data file found in one pass, leftmost and longest."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from operator import itemgetter
from typing import Any

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

Found = tuple[int, int, Any]
"""Where a phrase starts and ends, and its value."""
_START = itemgetter(1)
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


class WordLists:
    """Several word lists, by name, found in one pass over a text: each as by itself, whatever the others hold."""

    def __init__(self, lists: Mapping[str, Mapping[str, Any]]) -> None:
        self._names = tuple(lists)
        told = [(number, *pair) for number, phrases in enumerate(lists.values()) for pair in phrases.items()]
        self._lists, phrases, self._values = zip(*told, strict=True)
        how = Implementation.ContiguousNFA
        self._automaton = AhoCorasick(phrases, matchkind=MatchKind.Standard, implementation=how)

    def find(self, text: str) -> dict[str, list[Found]]:
        """(start, end, value) of every list's phrases in a text, leftmost and longest, without overlaps."""
        every = self._automaton.find_matches_as_indexes(text, overlapping=True)
        every.reverse()  # they came by where they end: now of two at one place the longer is first
        every.sort(key=_START)
        lists, values = self._lists, self._values
        found: list[list[Found]] = [[] for _ in self._names]
        taken = [0] * len(found)
        for index, start, end in every:
            number = lists[index]
            if start >= taken[number]:
                taken[number] = end
                found[number].append((start, end, values[index]))
        return dict(zip(self._names, found, strict=True))


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

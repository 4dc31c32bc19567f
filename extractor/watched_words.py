"""Watched words and phrases in a text: for those who watch them, and with no say in what is extracted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from core.plain import plain


class WatchedWords:
    """Words, each under the keys of the watch items that ask for it, found in one pass, however they overlap.

    They are compared as core/plain.py folds them: in any width, script and case, over blanks and line breaks.
    """

    def __init__(self, items: Iterable[tuple[str, str]]) -> None:
        keys: dict[str, set[str]] = defaultdict(set)
        for key, word in items:
            keys[plain(word).text].add(key)
        keys.pop("", None)
        self._keys = [sorted(keys[word]) for word in sorted(keys)]
        kind, how = MatchKind.Standard, Implementation.ContiguousNFA
        self._automaton = AhoCorasick(sorted(keys), matchkind=kind, implementation=how) if keys else None

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """(start, end, key) of every word in a text, by where it ends."""
        if self._automaton is None:
            return
        page = plain(text)
        for index, start, end in self._automaton.find_matches_as_indexes(page.text, overlapping=True):
            for key in self._keys[index]:
                yield (*page.origin(start, end), key)

"""The names the extractor knows: banks, firms and watched names, found in one pass over a text.

Few names (the shipped registers have some nine thousand) are an Aho–Corasick automaton, built in a tenth of a second.
Very many lie in a `NameTable` that was built beforehand; what is newer than the table is an automaton laid over it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from core.register import BankEntry, FirmEntry
from extractor.fold import fold
from extractor.remembered import remembered
from extractor.watched_words import WatchedWords

Entry = BankEntry | FirmEntry
Span = tuple[int, int, str]


class Hit(NamedTuple):
    """A known name standing in a text at `start` to `end`; `entry` is None for a name that is only watched."""

    start: int
    end: int
    text: str
    entry: Entry | None


class Names(Protocol):
    """Names with an entry each: what a lexicon is made of."""

    def find(self, text: str, start: int = 0) -> Iterator[Span]:
        """(start, end, name) of the names in `text[start:]`, leftmost longest, without overlaps."""

    def get(self, name: str) -> Entry | None:
        """The entry of a name; None where it has none, or is not among them."""


class Automaton:
    """Names in memory, as an automaton."""

    def __init__(self, names: Mapping[str, Entry | None]) -> None:
        self._names = names
        self._patterns = list(names)
        self._automaton = (
            AhoCorasick(
                self._patterns,
                matchkind=MatchKind.LeftmostLongest,
                store_patterns=False,
                implementation=Implementation.ContiguousNFA,
            )
            if names
            else None
        )

    def find(self, text: str, start: int = 0) -> Iterator[Span]:
        """(start, end, name) of the names in `text[start:]`, leftmost longest, without overlaps."""
        if self._automaton is None:
            return
        for index, first, last in self._automaton.find_matches_as_indexes(text[start:] if start else text):
            yield start + first, start + last, self._patterns[index]

    def get(self, name: str) -> Entry | None:
        """The entry of a name; None where it has none, or is not among them."""
        return self._names.get(name)


class Lexicon:
    """Shared by all articles; names are matched in half width and simplified script.

    `newer` is laid over `base`: where both know a name, the newer entry counts. `version` tells what both hold: not
    the watched `words`, which stand beside the names and change nothing that is extracted.
    """

    def __init__(
        self,
        base: Names,
        watched: frozenset[str],
        version: str,
        newer: Automaton | None = None,
        words: WatchedWords | None = None,
    ) -> None:
        self.words = words
        self._base = base
        self._newer = newer
        self._watched = watched
        how = Implementation.ContiguousNFA
        kind = MatchKind.Standard  # whatever overlaps
        self._watchers = AhoCorasick(sorted(watched), matchkind=kind, implementation=how) if watched else None
        self.version = version

    @classmethod
    def build(
        cls,
        banks: Iterable[BankEntry],
        firms: Iterable[FirmEntry],
        watched: Iterable[str] = (),
        words: WatchedWords | None = None,
    ) -> Lexicon:
        """Join the registers and the watched names. Where two entries share a name, a bank wins, then the first."""
        names: dict[str, Entry | None] = dict(named(banks, firms))
        keys = watched_keys(watched)
        for name in sorted(keys):
            names.setdefault(name, None)
        return cls(Automaton(names), keys, digest(names, keys), words=words)

    def find(self, text: str) -> Iterator[Hit]:
        """The known names in a folded text, leftmost longest, without overlaps."""
        for start, end, name in self._spans(text):
            yield Hit(start, end, name, self._get(name))

    def watched_in(self, text: str) -> Iterator[tuple[int, int]]:
        """Where watched names stand in a folded text, also inside longer names and inside one another, in order."""
        if self._watchers is not None:
            found = self._watchers.find_matches_as_indexes(text, overlapping=True)
            yield from sorted((start, end) for _, start, end in found)

    def entry(self, name: str) -> Entry | None:
        """The register's entry for a name, or None."""
        return self._get(key(name))

    def is_watched(self, *names: str) -> bool:
        """Whether somebody watches one of these names."""
        return bool(self._watched) and not self._watched.isdisjoint(map(key, names))

    def _get(self, name: str) -> Entry | None:
        newer = self._newer.get(name) if self._newer else None
        return newer if newer is not None else self._base.get(name)

    def _spans(self, text: str) -> Iterator[Span]:
        news = list(self._newer.find(text)) if self._newer else []
        return _laid_over(text, self._base, self._newer) if self._newer and news else self._base.find(text)


def _laid_over(text: str, base: Names, newer: Names) -> Iterator[Span]:
    """The names of both, leftmost longest: a name taken from one moves the other on past its end."""
    at = 0
    readers = [newer.find(text), base.find(text)]
    heads = [next(reader, None) for reader in readers]
    while any(heads):
        for i, (names, head) in enumerate(zip((newer, base), heads, strict=True)):
            if head is not None and head[0] < at:
                readers[i] = names.find(text, at)
                heads[i] = next(readers[i], None)
        best = min((head for head in heads if head is not None), key=lambda head: (head[0], -head[1]), default=None)
        if best is None:
            return
        yield best
        at = best[1]


def named(banks: Iterable[BankEntry], firms: Iterable[FirmEntry]) -> Iterator[tuple[str, Entry]]:
    """Every name of the entries as it is matched, once: a bank's before a firm's, the first one's before another's."""
    seen: set[str] = set()
    entries: Iterable[Entry] = (*banks, *firms)
    for entry in entries:
        for name in map(key, (entry.name, *entry.aliases)):
            if len(name) >= 2 and name not in seen:
                seen.add(name)
                yield name, entry


def watched_keys(names: Iterable[str]) -> frozenset[str]:
    """Watched names as they are matched."""
    return frozenset(key(name) for name in names if len(name) >= 2)


@remembered(50_000)
def key(name: str) -> str:
    """A name as it is matched: folded, without blanks."""
    return "".join(fold(name).split())


def digest(names: Mapping[str, Entry | None], watched: Iterable[str]) -> str:
    """What tells one lexicon from another of other content."""
    digest = hashlib.sha256()
    for name in sorted(names):
        digest.update(f"{name}\t{names[name]!r}\n".encode())
    digest.update("\t".join(sorted(watched)).encode())
    return digest.hexdigest()[:16]

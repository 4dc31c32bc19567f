"""The names the extractor knows: banks, firms and watched names, found in one pass over a text (Aho–Corasick)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from core.register import BankEntry, FirmEntry
from extractor.fold import fold
from extractor.wordlist import WordList

Entry = BankEntry | FirmEntry


@dataclass(frozen=True, slots=True)
class Hit:
    """A known name standing in a text at `start` to `end`; `entry` is None for a name that is only watched."""

    start: int
    end: int
    text: str
    entry: Entry | None


class Lexicon:
    """Built once, shared by all articles; names are matched in half width and simplified script."""

    def __init__(self, names: dict[str, Entry | None], watched: frozenset[str]) -> None:
        self._names = names
        self._watched = watched
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
        self._watchers = WordList(dict.fromkeys(sorted(watched), "")) if watched else None
        self.version = _digest(names, watched)

    @classmethod
    def build(cls, banks: Iterable[BankEntry], firms: Iterable[FirmEntry], watched: Iterable[str] = ()) -> Lexicon:
        """Join the registers and the watched names. Where two entries share a name, a bank wins, then the first."""
        names: dict[str, Entry | None] = {}
        entries: list[Entry] = [*banks, *firms]
        for entry in entries:
            for name in (entry.name, *entry.aliases):
                if len(name) >= 2:
                    names.setdefault(key(name), entry)
        keys = frozenset(key(name) for name in watched if len(name) >= 2)
        for name in sorted(keys):
            names.setdefault(name, None)
        return cls(names, keys)

    def find(self, text: str) -> Iterator[Hit]:
        """The known names in a folded text, leftmost longest, without overlaps."""
        if self._automaton is None:
            return
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            name = self._patterns[index]
            yield Hit(start, end, name, self._names[name])

    def watched_in(self, text: str) -> Iterator[tuple[int, int]]:
        """Where watched names stand in a folded text, also inside longer names."""
        if self._watchers is not None:
            yield from ((start, end) for start, end, _ in self._watchers.find(text))

    def entry(self, name: str) -> Entry | None:
        """The register's entry for a name, or None."""
        return self._names.get(key(name))

    def is_watched(self, *names: str) -> bool:
        """Whether somebody watches one of these names."""
        return any(key(name) in self._watched for name in names)


@lru_cache(maxsize=50_000)
def key(name: str) -> str:
    """A name as it is matched: folded, without blanks."""
    return "".join(fold(name).split())


def _digest(names: dict[str, Entry | None], watched: frozenset[str]) -> str:
    digest = hashlib.sha256()
    for name in sorted(names):
        digest.update(f"{name}\t{names[name]!r}\n".encode())
    digest.update("\t".join(sorted(watched)).encode())
    return digest.hexdigest()[:16]

"""The words of figures, found in one pass; what each means stands in `extractor/data/indicator_*.csv`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from extractor.data import table
from extractor.data import words as signs
from extractor.wordlist import WordList

_FILES = {
    "subject": ("indicator_subjects", "subject"),
    "measure": ("indicator_measures", "kind"),
    "change": ("indicator_changes", "sign"),
    "base": ("indicator_bases", "base"),
    "word": ("indicator_words", "kind"),
    "area": ("indicator_areas", "kind"),
}
_PROGRAMME = re.compile(r"“(?P<name>[^“”，。]{1,12}(?:贷|贷款|融|融资|通|计划|集群|工程|行动|专项|担))”")
_OF_ONE = re.compile(
    r"(?:该|某|一家|这家|那家|首家|每家|一户|两家|三家|(?:作为|是|系|获评|入选)(?:国家级?|省级|市级)?)\Z"
)


class Token(NamedTuple):
    """Something that a figure is read from: its kind, its span in the plain text, its meaning."""

    kind: str
    start: int
    end: int
    value: Any


@cache
def _finder() -> WordList:
    phrases: dict[str, str] = {}
    for kind, (name, column) in _FILES.items():
        for word, value in table(name, "word", column).items():
            phrases.setdefault(word, f"{kind}\t{value}")
    return WordList(phrases)


def may_tell(text: str) -> bool:
    """The cheap first look: whether anything stands there that every figure stands with."""
    return any(sign in text for sign in signs("indicator_signs"))


def words(text: str) -> list[Token]:
    """The words of a page in order, and the programmes named in it; a class told of one firm alone is none."""
    named = [Token("subject", m.start(), m.end(), f"programme:{m['name']}") for m in _programmes(text)]
    taken = {at for token in named for at in range(token.start, token.end)}
    found = [*named]
    for first, last, told in _finder().find(text):
        kind, value = told.split("\t")
        if first not in taken and not (kind == "subject" and _OF_ONE.search(text, max(0, first - 6), first)):
            found.append(Token(value if kind == "word" else kind, first, last, value))
    return sorted(found, key=lambda token: token.start) if named else found


def _programmes(text: str) -> Iterator[re.Match[str]]:
    if "“" not in text:
        return
    known = table("indicator_subjects", "word", "subject")
    yield from (match for match in _PROGRAMME.finditer(text) if match["name"] not in known)


def found(
    pattern: re.Pattern[str], signs: frozenset[str], here: set[str], text: str, start: int, end: int
) -> Iterable[re.Match[str]]:
    """The matches of a pattern in a span, each of which holds one of its signs: most spans, whose signs are `here`,
    hold none, which is told at once."""
    return () if signs.isdisjoint(here) else pattern.finditer(text, start, end)

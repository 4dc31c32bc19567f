"""The words of figures, found in one pass; what each means stands in `extractor/data/indicator_*.csv`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from extractor.data import rows, table
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
_GROWING = "贷款(?:[^，。；]{0,4}增|[同较比]|增速|增幅)"  # 科技贷款同比增长: a change alone, without a measure
_OF_ONE = re.compile(
    r"(?:该|某|一家|这家|那家|首家|每家|一户|两家|三家|(?:作为|是|系|获评|入选)(?:国家级?|省级|市级)?)\Z"
)


@dataclass(frozen=True, slots=True)
class Token:
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


@cache
def _first_look() -> re.Pattern[str]:
    """Measures, each by how it begins; the longer ones begin with a shorter one, as a rule."""
    told = {row["word"] for row in rows("indicator_measures") if row["kind"] not in ("-", "served")}
    short = [word for word in told if not any(other != word and other in word for other in told)]
    return re.compile("|".join([*sorted(map(re.escape, short)), _GROWING]))


def may_tell(text: str) -> bool:
    """The cheap first look: whether a measure's word stands anywhere."""
    return _first_look().search(text) is not None


def words(text: str, start: int, end: int) -> Iterator[Token]:
    """The words of a span in order, and the programmes named in it; a class told of one firm alone is none."""
    named = [Token("subject", m.start(), m.end(), f"programme:{m['name']}") for m in _programmes(text, start, end)]
    for first, last, told in _finder().find(text, start, end):
        kind, value = told.split("\t")
        if any(token.start <= first < token.end for token in named):
            continue
        if kind == "subject" and _OF_ONE.search(text, max(start, first - 6), first):
            continue
        yield Token(value if kind == "word" else kind, first, last, value)
    yield from named


def _programmes(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    known = table("indicator_subjects", "word", "subject")
    return (m for m in _PROGRAMME.finditer(text, start, end) if m["name"] not in known)

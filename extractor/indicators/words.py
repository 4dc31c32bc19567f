"""The words of figures (`extractor/phrases.py`); what each means stands in `extractor/data/indicator_*.csv`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from extractor.data import one_of, table
from extractor.page import Page

_PROGRAMME = re.compile(r"“(?P<name>[^“”，。]{1,12}(?:贷|贷款|融|融资|通|计划|集群|工程|行动|专项|担))”")
_OF_ONE = re.compile(
    r"(?:该|某|一家|这家|那家|首家|每家|一户|两家|三家|(?:作为|是|系|获评|入选)(?:国家级?|省级|市级)?)\Z"
)

_ENDS_OF_ONE = frozenset("该某家户为是系评选级")
"""One of them ends each match of the pattern above."""


class Token(NamedTuple):
    """Something that a figure is read from: its kind, its span in the plain text, its meaning."""

    kind: str
    start: int
    end: int
    value: Any


def may_tell(text: str) -> bool:
    """The cheap first look: whether anything stands there that every figure stands with."""
    return one_of("indicator_signs").search(text) is not None


def words(page: Page) -> list[Token]:
    """The words of a page in order, and the programmes named in it; a class told of one firm alone is none."""
    text = page.text
    named = [Token("subject", m.start(), m.end(), f"programme:{m['name']}") for m in _programmes(text)]
    taken = {at for token in named for at in range(token.start, token.end)}
    found = [*named]
    for first, last, (kind, value) in page.phrases["figure"]:
        if first not in taken and not (kind == "subject" and _is_of_one(text, first)):
            found.append(Token(kind, first, last, value))
    return sorted(found, key=lambda token: token.start) if named else found


def _is_of_one(text: str, at: int) -> bool:
    """Whether a class of firms is told of one firm alone: 该科技企业."""
    return text[at - 1 : at] in _ENDS_OF_ONE and _OF_ONE.search(text, max(0, at - 6), at) is not None


def _programmes(text: str) -> Iterator[re.Match[str]]:
    if "“" not in text:
        return
    known = table("indicator_subjects", "word", "subject")
    yield from (match for match in _PROGRAMME.finditer(text) if match["name"] not in known)

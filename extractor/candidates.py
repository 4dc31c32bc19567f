"""Everything that may be a firm's name on a page: spans that some recogniser or the tagger proposes; they may overlap.

What speaks for and against each is told in `evidence.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from extractor.page import Page
from extractor.recognisers import Mark
from extractor.recognisers.base import BrandHit

FIRM_KINDS = ("firm", "short_firm", "brand", "tagged")


@dataclass(slots=True)
class Candidate:
    """A span that may name a firm: what proposed it, and how probable the tagger finds it (0 where it does not).

    `sources` tell the kind of name and how it was told, each once.
    """

    start: int
    end: int
    text: str
    marks: list[Mark] = field(default_factory=list)
    tagged: float = 0.0
    sources: tuple[str, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether a rule proposes it, not the tagger or a list alone."""
        return self.sources not in _GUESSES

    def best(self) -> Mark | None:
        """The mark that tells most: a firm's before a short name's before a brand's, a full one first."""
        return min(
            self.marks, key=lambda m: (FIRM_KINDS.index(m.kind), getattr(m.value, "form", "") != "full"), default=None
        )


def source(mark: Mark) -> str:
    """A recogniser's name and form in one word."""
    return f"{mark.kind}:{getattr(mark.value, 'form', '')}"


def gather(page: Page, marks: Iterable[Mark]) -> list[Candidate]:
    """The candidates among the marks of a page, in order."""
    found: dict[tuple[int, int], Candidate] = {}
    for mark in marks:
        span = (mark.start, mark.end)
        candidate = found.get(span)
        if candidate is None:
            candidate = found[span] = Candidate(*span, page.text[mark.start : mark.end])
        if mark.kind == "tagged":
            candidate.tagged = mark.value
        else:
            candidate.marks.append(mark)
    for start, end in _listed(page.text, found):
        if (start, end) not in found:
            guess = Mark("brand", start, end, BrandHit("listed"))
            found[start, end] = Candidate(start, end, page.text[start:end], [guess])
    for candidate in found.values():
        candidate.sources = tuple(dict.fromkeys(map(source, candidate.marks)))
    return [found[span] for span in sorted(found)]


_GUESSES: tuple[tuple[str, ...], ...] = ((), ("brand:listed",))  # the tagger's alone, and a list's
_JOINS = frozenset("、和与及")  # what the joints of a list end with, and begin with, but for 以及
_OPENS = _JOINS | {"以"}
_NEXT = re.compile(r"(?:、|和|与|及|以及)(?P<name>[一-龥A-Za-z0-9*]{2,8}?)(?=[、，。；：()“”\n]|[和与及等]|在内|\Z)")
_LAST = re.compile(
    r"(?:\A|[、，。；：()“”\n]|包括|以及|[为给向对与和及])(?P<name>[一-龥A-Za-z0-9*]{2,8}?)(?:、|和|与|及|以及)\Z"
)


def _listed(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What stands in one list with a candidate, on either side and further on: 梦百合、四川长虹和富创精密."""
    known = set(spans)
    for start, end in sorted(known):
        while (text[end : end + 1] in _OPENS and (following := _NEXT.match(text, end))) and following.span(
            "name"
        ) not in known:
            end = following.end()
            known.add(following.span("name"))
            yield following.span("name")
        while text[start - 1 : start] in _JOINS and (before := _LAST.search(text[max(0, start - 12) : start])):
            end = max(0, start - 12) + before.end("name")
            start = max(0, start - 12) + before.start("name")
            if (start, end) in known:
                break
            known.add((start, end))
            yield start, end

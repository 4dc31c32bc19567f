"""Run the catalogue over a page; the judge says which are firms' names; then names of several kinds are settled."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from extractor.candidates import FIRM_KINDS, Candidate, gather
from extractor.data import word_set
from extractor.evidence import Facts, evidence
from extractor.judge import chosen
from extractor.once import once
from extractor.page import Page
from extractor.recognisers import RECOGNISERS, Mark

_APPOSED = re.compile(r"(?:——|—|，|、|：|“|是|为|名叫|叫|即)*")
_OTHERS = ("bank", "undisclosed")
_RANK = {"bank": 0, "undisclosed": 1, "firm": 2, "short_firm": 3, "brand": 4}


@dataclass(frozen=True)
class Marks:
    """All marks of a page: `names` are banks and firms without overlaps, `rest` the other kinds by kind; in order."""

    names: tuple[Mark, ...]
    rest: dict[str, tuple[Mark, ...]]

    def within(self, kind: str, start: int, end: int) -> tuple[Mark, ...]:
        """Marks of a kind that begin in a span."""
        marks = self.names if kind == "name" else self.rest.get(kind, ())
        starts = self._starts.get(kind, [])
        return marks[bisect_left(starts, start) : bisect_left(starts, end)]

    @once
    def _starts(self) -> dict[str, list[int]]:
        return {kind: [mark.start for mark in marks] for kind, marks in {**self.rest, "name": self.names}.items()}


def mentions(page: Page, weights: Mapping[str, float] | None = None) -> Marks:
    """Everything the catalogue recognises on a page; `weights` are the judge's where not the shipped ones."""
    found = [mark for recogniser in RECOGNISERS for mark in recogniser.find(page)]
    candidates, facts = candidates_of(page, found)
    names = [*chosen(candidates, facts, weights), *(mark for mark in found if mark.kind in _OTHERS)]
    names = _told_by_name(_settle(names), page.text)
    rest: dict[str, list[Mark]] = {}
    for mark in found:
        if mark.kind not in _RANK and mark.kind != "tagged":
            rest.setdefault(mark.kind, []).append(mark)
    ordered = {kind: tuple(sorted(marks, key=lambda m: (m.start, -m.end))) for kind, marks in rest.items()}
    return Marks(tuple(names), ordered)


def candidates_of(page: Page, found: Sequence[Mark]) -> tuple[list[Candidate], list[Facts]]:
    """The spans of a page that may name a firm, with the evidence for and against each."""
    candidates = gather(page, (mark for mark in found if mark.kind in FIRM_KINDS and _plausible(mark, page.text)))
    others = sorted((mark for mark in found if mark.kind in _OTHERS), key=lambda mark: mark.start)
    return candidates, evidence(page, candidates, others)


def _plausible(mark: Mark, text: str) -> bool:
    told = text[mark.start : mark.end]
    if mark.kind == "firm":
        return "某" not in told and not told.endswith("银行股份有限公司")
    return told not in word_set("generic_brands")


def _told_by_name(names: list[Mark], text: str) -> list[Mark]:
    """Leave out a description that its name follows: 一家做水表的企业——澄砺节水科技股份有限公司."""
    kept = []
    for mark, following in zip_longest(names, names[1:]):
        named = following is not None and following.kind in ("firm", "short_firm")
        if mark.kind == "undisclosed" and named and following and _APPOSED.fullmatch(text[mark.end : following.start]):
            continue
        kept.append(mark)
    return kept


def _settle(marks: Iterable[Mark]) -> list[Mark]:
    """Leftmost first; of two that overlap the one of the stronger kind or, within a kind, the longer."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda m: (m.start, -m.end, _RANK[m.kind])):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
        elif _beats(mark, kept[-1]):
            kept[-1] = mark
    return kept


def _beats(new: Mark, old: Mark) -> bool:
    longer = new.end - new.start > old.end - old.start
    if _RANK[new.kind] == _RANK[old.kind]:
        return longer
    if "short_firm" in (old.kind, new.kind) and "full" in (
        getattr(old.value, "form", ""),
        getattr(new.value, "form", ""),
    ):
        return new.kind == "firm"
    if getattr(new.value, "form", "") == "register" and old.kind == "short_firm" and new.end == old.end:
        return new.start - old.start == 1
    if new.kind == "bank" and getattr(old.value, "form", "") != "full":
        return True
    whole = new.start <= old.start and new.end >= old.end
    return _RANK[new.kind] < _RANK[old.kind] and (
        whole or old.kind == "brand" or (new.start == old.start and old.kind != "short_firm")
    )

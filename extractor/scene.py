"""A sentence with all that is meant in it: its banks and firms, its marks, its words and what they speak of."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from extractor.identity import Firm
from extractor.mentions import Marks
from extractor.once import once
from extractor.page import Page
from extractor.recognisers import Mark
from extractor.senses import Senses
from extractor.sentences import Sentence
from extractor.stream import Stream, stream

_TOLD_BY_KIND = (("amount", "<A>"), ("date", "<D>"), ("term", "<T>"), ("instrument", ""))
"""What stands for a mark in a sentence's stream; for an instrument its slug."""


class Ref(NamedTuple):
    """A bank or firm meant at a place: `bank` and `branch`, or `firm`; `named` is False for 该行, 公司, 它."""

    start: int
    end: int
    bank: str | None = None
    branch: str | None = None
    firm: Firm | None = None
    named: bool = True


@dataclass
class Scene:
    """A sentence with all that is meant in it.

    `page_text` is the text of its page, `own` are the marks that begin in it, by kind (none of a kind is no entry).
    Every frame near it asks the same of it: `kept` holds what `extractor/features` said of its names, and what joins
    them, by a key of their own.
    """

    sentence: Sentence
    page: Page
    page_text: str
    banks: list[Ref]
    firms: list[Ref]
    marks: Marks
    own: Mapping[str, Sequence[Mark]]
    told_new_story: bool = False
    title_firm: Firm | None = None
    topic: Mark | None = None
    kept: dict[Hashable, Any] = field(default_factory=dict)

    @once
    def told(self) -> str:
        """The sentence's plain text."""
        return self.page_text[self.sentence.start : self.sentence.end]

    @once
    def edges(self) -> list[int]:
        """Where the clauses begin, and where the last ends."""
        return [self.sentence.start, *(comma + 1 for comma in self.sentence.commas), self.sentence.end]

    @once
    def stream(self) -> Stream:
        """The sentence's words, with its names, sums, dates, terms and instruments told by kind."""
        spans = [(ref.start, ref.end, "<B>" if ref.named else "<b>") for ref in self.banks]
        spans += [(ref.start, ref.end, "<F>" if ref.named else "<f>") for ref in self.firms]
        for kind, told in _TOLD_BY_KIND:
            if kind in self.own:
                spans += [(mark.start, mark.end, told or f"<{mark.value}>") for mark in self.own[kind]]
        return stream(self.page.cut, self.page.starts, self.sentence.start, self.sentence.end, spans)

    @once
    def senses(self) -> Senses:
        """The senses told outside names."""
        names = [(ref.start, ref.end) for ref in (*self.banks, *self.firms)]
        return Senses(self.page.phrases["sense"], self.sentence.start, self.sentence.end, names)

    @once
    def speaks_of(self) -> tuple[str, ...]:
        """All senses told outside names, each once, sorted."""
        return self.senses.within(self.sentence.start, self.sentence.end)

    @once
    def pronoun(self) -> tuple[str, Firm | None]:
        """The first word that stands for a firm (two signs of it) and whom it means; nothing where there is none."""
        ref = next((ref for ref in self.firms if not ref.named), None)
        return ("", None) if ref is None else (self.page_text[ref.start : ref.end][:2], ref.firm)

    def refs(self, side: str) -> list[Ref]:
        """The banks or the firms, by whose side is asked: B or F."""
        return self.banks if side == "B" else self.firms

    def clause_span(self, number: int) -> tuple[int, int]:
        """The span of one clause in the plain text."""
        commas = self.sentence.commas
        return self.edges[number], commas[number] if number < len(commas) else self.sentence.end

    def within(self, kind: str) -> Sequence[Mark]:
        """The sentence's marks of a kind."""
        return self.own.get(kind, ())


def shared_out(marks: Marks, sentences: Sequence[Sentence]) -> list[dict[str, list[Mark]]]:
    """The marks that begin in each sentence, by kind: a page has few, which is why they look for their sentences."""
    starts = [sentence.start for sentence in sentences]
    shares: list[dict[str, list[Mark]]] = [{} for _ in sentences]
    for kind, told in (*marks.rest.items(), ("name", marks.names)):
        for mark in told:
            number = bisect_right(starts, mark.start) - 1
            if number >= 0 and mark.start < sentences[number].end:
                shares[number].setdefault(kind, []).append(mark)
    return shares

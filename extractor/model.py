"""What the extractor gives back: events, mentions and amounts, as plain frozen data.

Fields and values are those of the annotation guide (GUIDELINES.md): what a gold event holds, an `Event` holds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from extractor.indicators.model import Indicator

MentionKind = Literal["bank", "firm", "word"]
Place = Literal["title", "text"]
FieldSpan = tuple[str, int, int]
"""Which characters of the original text tell a field: bank (with its branch), firm, amount, instrument, date,
term_months."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum in units of its currency (元, not 万元); `qualifier` is exact, about, at_least, at_most or range."""

    min: float | int | None
    max: float | int | None
    currency: str
    qualifier: str

    def as_dict(self) -> dict[str, Any]:
        """The amount as the gold writes it."""
        return {"min": self.min, "max": self.max, "currency": self.currency, "qualifier": self.qualifier}


@dataclass(frozen=True, slots=True)
class Event:
    """One financing event told by one article.

    `start` and `end` are the span of `evidence` in the article's original text: `text[start:end] == evidence`.
    `date` is ISO with the precision told (2024, 2024-12, 2024-12-03, 2024-Q3, 2024-H1). `firm` is None for an
    undisclosed firm, told by `firm_description`. `shared_amount`: one sum told for several banks together.
    `sector` is the register's slug where the firm stands in it. `confidence` is between 0 and 1. `spans`: what proves
    bank, firm, sum and the rest, where a word tells it.
    """

    bank: str
    branch: str | None
    firm: str | None
    firm_aliases: tuple[str, ...]
    firm_description: str | None
    tech: bool
    instrument: str
    instrument_text: str | None
    amount: Amount | None
    date: str | None
    term_months: int | None
    status: str
    evidence: str
    start: int
    end: int
    confidence: float
    sector: str | None = None
    shared_amount: bool = False
    spans: tuple[FieldSpan, ...] = ()

    def moved(self, by: int) -> Event:
        """The same in a text in which this one's begins at `by`."""
        spans = tuple((field, start + by, end + by) for field, start, end in self.spans)
        return replace(self, start=self.start + by, end=self.end + by, spans=spans)

    def as_gold(self) -> dict[str, Any]:
        """The event with the gold's keys, and confidence, sector and shared_amount besides."""
        return {
            "bank": self.bank,
            "branch": self.branch,
            "firm": self.firm,
            "firm_aliases": list(self.firm_aliases),
            "firm_description": self.firm_description,
            "tech": self.tech,
            "instrument": self.instrument,
            "instrument_text": self.instrument_text,
            "amount": self.amount.as_dict() if self.amount else None,
            "date": self.date,
            "term_months": self.term_months,
            "status": self.status,
            "evidence": self.evidence,
            "confidence": self.confidence,
            "sector": self.sector,
            "shared_amount": self.shared_amount,
        }


@dataclass(frozen=True, slots=True)
class Mention:
    """A bank or firm standing in the article: `name` the register's or the fullest in the article. Or a watched word,
    at each of its places: `name` is the key of the watch items that ask for it.

    `start` and `end` are a span of the original title or text, as `where` says; `text` is what stands there.
    """

    kind: MentionKind
    name: str
    text: str
    start: int
    end: int
    where: Place
    watched: bool


@dataclass(frozen=True, slots=True)
class Referral:
    """One firm recommended by another to a bank, told by one article: `to_firm` was brought to `bank` by `from_firm`.

    Names are the fullest told, aliases the article's other names. `start` and `end` are the span of `evidence` in the
    article's original text. `confidence` is between 0 and 1, by the form of the sentence.
    """

    from_firm: str
    from_aliases: tuple[str, ...]
    to_firm: str
    to_aliases: tuple[str, ...]
    bank: str
    branch: str | None
    evidence: str
    start: int
    end: int
    confidence: float

    def as_dict(self) -> dict[str, Any]:
        """The recommendation as `yinqi extract` prints it."""
        return {
            "from_firm": self.from_firm,
            "to_firm": self.to_firm,
            "bank": self.bank,
            "branch": self.branch,
            "evidence": self.evidence,
            "confidence": self.confidence,
        }


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that was read from one article."""

    events: tuple[Event, ...]
    mentions: tuple[Mention, ...]
    indicators: tuple[Indicator, ...] = ()
    referrals: tuple[Referral, ...] = ()

"""Why an article gave the events that it gave, as plain data for people; `extractor/explain.py` makes it.

Positions are those of the original text (those of `in_title` of the title).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from extractor.model import Event

Fate = Literal["event", "joined", "outvoted", "unlikely", "no_borrower"]
"""What became of a choice: it is the first telling of an event; it joined one that is told elsewhere; another choice of
its frame was likelier; it is less likely than the threshold; its firm is a guarantor, broker, insurer or fund."""


@dataclass(frozen=True, slots=True)
class Span:
    """Something recognised: its kind (a recogniser's; the_bank and the_firm are words for one told before)."""

    kind: str
    start: int
    end: int
    text: str
    means: str


@dataclass(frozen=True, slots=True)
class Who:
    """A firm of the article with all of its names, how often it is named, and its name in the register."""

    name: str
    names: tuple[str, ...]
    count: int
    register: str | None


@dataclass(frozen=True, slots=True)
class Reason:
    """A feature of a choice and what it adds to the score: above 0 it speaks for the choice, below 0 against it."""

    feature: str
    weight: float


@dataclass(frozen=True, slots=True)
class Choice:
    """One reading of a frame: who lends to whom and how they were found, how sure it is, why, and what became of it.

    `events` are the numbers of the events that it tells: several where several banks or firms are meant.
    """

    bank: str
    bank_from: str
    firm: str
    firm_from: str
    confidence: float
    reasons: tuple[Reason, ...]
    fate: Fate
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A frame, what may tell one grant: its anchor (a sum, instrument or verb), its sentence's span, its choices."""

    number: int
    anchor: Span
    start: int
    end: int
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A sum or instrument that anchors no frame.

    `why` is refusal (words against it stand `beside`), no_cue (no sign of a grant near) or nobody (no bank or no firm
    in reach).
    """

    span: Span
    why: Literal["refusal", "no_cue", "nobody"]
    beside: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """An event and the frames that tell it, the first first."""

    number: int
    event: Event
    frames: tuple[int, ...]


@dataclass(slots=True)
class Explanation:
    """All of it in the order of the text; `worth_reading` is False where the first look put the article aside."""

    title: str
    text: str
    published: date | datetime | None
    threshold: float
    worth_reading: bool = False
    in_title: list[Span] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    firms: list[Who] = field(default_factory=list)
    frames: list[Told] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    events: list[Made] = field(default_factory=list)

"""What the gold says of frames: which choices are right, and whether telling nothing is.

A sum tells the gold's event of its pair with that sum; a sum for several firms one whose amount is not told for each.
An instrument or a verb tells any event of its pair; where the evidence of that lies elsewhere, nothing is right too.
A frame in the evidence of an event that no frame can name teaches nothing, nor does a drawing of what is told whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractor.assemble import sums_agree
from extractor.extract import Reading
from extractor.frames import Frame, Unit
from extractor.scene import Ref
from tests.quality.measure import Event, same_pair

Spot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Label:
    """The places of a frame's right choices (lender's, borrower's), and whether nothing is right."""

    right: frozenset[Spot]
    nothing: bool


def labels(reading: Reading, frames: Sequence[Frame], gold: Sequence[Event]) -> Iterator[Label | None]:
    """The gold's word on each frame; None where the frame can teach nothing."""
    spans = [span_of(reading, event) for event in gold]
    lost = [span for event, span in zip(gold, spans, strict=True) if not _is_reached(reading, frames, event)]
    for frame in frames:
        place = _place(reading, frame.scene.sentence.start, frame.scene.sentence.end)
        yield None if any(_meet(place, span) for span in lost) else _label(reading, frame, gold, spans, place)


def _label(reading: Reading, frame: Frame, gold: Sequence[Event], spans: Sequence[Spot], place: Spot) -> Label | None:
    near = [_meet(place, span) for span in spans]
    anchor = _place(reading, frame.anchor.start, frame.anchor.end)
    on_it = any(_meet(anchor, span) for span in spans)
    proved: dict[Spot, int] = {}
    elsewhere: dict[Spot, int] = {}
    for i, lender in enumerate(frame.lenders):
        for j, borrower in enumerate(frame.borrowers):
            worth, here = _worth(reading, frame, (lender, borrower), gold, near)
            if worth > 0:
                (proved if here else elsewhere)[i, j] = worth
    if proved:
        return Label(_best(proved), frame.amount is None and not on_it)
    if elsewhere:
        return Label(_best(elsewhere), True)
    if frame.amount is None:
        return None if on_it else Label(frozenset(), True)
    told = any(here and _agrees(frame, event) for event, here in zip(gold, near, strict=True))
    return None if told or (frame.tranche and any(near)) else Label(frozenset(), True)


def _worth(
    reading: Reading, frame: Frame, choice: tuple[Unit, Unit], gold: Sequence[Event], near: Sequence[bool]
) -> tuple[int, bool]:
    """How many more of a choice's pairs are right than wrong, and whether one is proved in the frame's sentence."""
    worth, proved = 0, False
    several = len(choice[1].refs) > 1
    for bank in choice[0].refs:
        for firm in choice[1].refs:
            hits = [
                number
                for number, event in enumerate(gold)
                if _is_pair(reading, event, bank, firm) and _fits(frame, event, several=several, here=near[number])
            ]
            worth += 1 if hits else -1
            proved = proved or any(near[number] for number in hits)
    return worth, proved


def _fits(frame: Frame, event: Event, *, several: bool, here: bool) -> bool:
    if frame.amount is None:
        return True
    if several:
        return event["amount"] is None and here
    return _agrees(frame, event)


def _agrees(frame: Frame, event: Event) -> bool:
    return frame.amount is not None and bool(event["amount"]) and sums_agree(frame.amount.value, event["amount"])


def _is_pair(reading: Reading, event: Event, bank: Ref, firm: Ref) -> bool:
    if firm.firm is None or bool(event["firm"]) != bool(firm.firm.names):
        return False
    return same_pair(event, {"bank": bank.bank, "firm": reading.name(firm.firm)})


def _is_reached(reading: Reading, frames: Sequence[Frame], event: Event) -> bool:
    return any(
        _is_pair(reading, event, bank, firm)
        for frame in frames
        for lender in frame.lenders
        for bank in lender.refs
        for borrower in frame.borrowers
        for firm in borrower.refs
    )


def _best(worth: dict[Spot, int]) -> frozenset[Spot]:
    top = max(worth.values())
    return frozenset(spot for spot, value in worth.items() if value == top)


def span_of(reading: Reading, event: Event) -> Spot:
    """Where an event's evidence stands in the article's text as it is."""
    at = reading.page.folded.original.find(event["evidence"])
    return at, at + len(event["evidence"])


def _place(reading: Reading, start: int, end: int) -> Spot:
    return reading.page.folded.origin(start, end)


def _meet(a: Spot, b: Spot) -> bool:
    return a[0] < b[1] and b[0] < a[1]

"""What the engine weighs on its way to events, laid open for `extractor/explain.py`: the one part of an explanation
that knows how frames are made and weighed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from extractor import assemble, frames
from extractor.assemble import Draft
from extractor.explanation import Fate, Reason
from extractor.frames import Proposal
from extractor.recognisers import Mark
from extractor.restraint import anchors_allowed, may_be_lent
from extractor.scene import Ref, Scene
from extractor.weighing import THRESHOLD, Choice, learnt, reasons, weigh

__all__ = ["THRESHOLD", "Frame", "Way", "considered", "drafts", "turned_down"]

_SHOWN = 6
"""Readings of a frame that are shown, the likeliest first; a frame may have sixty."""


@dataclass(frozen=True, slots=True)
class Way:
    """One reading of a frame: the banks and firms meant, how each side was found, how sure it is and why.

    `missed` is what became of it unless an event was made of it.
    """

    banks: tuple[Ref, ...]
    bank_from: str
    firms: tuple[Ref, ...]
    firm_from: str
    sure: float
    reasons: tuple[Reason, ...]
    missed: Fate


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands for one grant at most: its anchor in its sentence, and its likeliest readings."""

    scene: Scene
    anchor: Mark
    ways: tuple[Way, ...]
    frame: frames.Frame

    def way_of(self, proposal: Proposal) -> int | None:
        """The place of the reading that a proposal is (the likeliest); None for a proposal of another frame."""
        return 0 if proposal.anchor is self.anchor and proposal.scene is self.scene else None


def considered(scenes: Iterable[Scene]) -> Iterator[Frame]:
    """Every frame of an article, in order."""
    for frame in frames.frames(list(scenes)):
        choices = sorted(weigh(frame), key=lambda choice: -choice.probability)
        told = sum(choice.probability for choice in choices) >= THRESHOLD
        ways = tuple(_way(frame, choice, first=not at, told=told) for at, choice in enumerate(choices[:_SHOWN]))
        yield Frame(frame.scene, frame.anchor, ways, frame)


def drafts(found: Sequence[Frame]) -> list[Draft]:
    """The events under way, as `extract` makes them; a draft's `proposals` tell what it was made of."""
    return assemble.merge(assemble.drafts(assemble.chosen(one.frame for one in found)))


def turned_down(scenes: Iterable[Scene], anchors: frozenset[int]) -> Iterator[tuple[Scene, Mark, bool]]:
    """Sums that anchor no frame (and whether they might, were there a bank and a firm), and balances' instruments."""
    every = list(scenes)
    for at, scene in enumerate(every):
        for mark in scene.within("amount"):
            if mark.start not in anchors:
                yield scene, mark, may_be_lent(every, at, mark)
        for mark in scene.within("instrument"):
            if mark.start not in anchors and not anchors_allowed(scene, mark):
                yield scene, mark, False


def _way(frame: frames.Frame, choice: Choice, *, first: bool, told: bool) -> Way:
    """A reading; that a frame tells nothing at all is weighed against all of its readings together."""
    lender, borrower = choice.lender, choice.borrower
    missed: Fate = "unlikely" if not told else "outvoted"
    if told and first and not any(assemble.may_borrow(ref.firm) for ref in borrower.refs):
        missed = "no_borrower"
    weights = learnt().known
    told_by = tuple(Reason(name, weights[name]) for name in reasons(frame, choice) if weights.get(name))
    sides = (lender.refs, _from(frame, lender), borrower.refs, _from(frame, borrower))
    return Way(*sides, choice.probability, told_by, missed)


def _from(frame: frames.Frame, unit: frames.Unit) -> str:
    """How a side was found: here, word (by 该行, 公司), before1 … and after1 … for sentences away, else head, title."""
    if unit.how != "near":
        return unit.how
    gap = unit.at - frame.at
    if gap:
        return f"{'before' if gap < 0 else 'after'}{abs(gap)}"
    return "here" if unit.ref.named else "word"

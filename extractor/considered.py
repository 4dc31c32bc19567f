"""What the engine weighs on its way to events, laid open for `extractor/explain.py`: the one part of an explanation
that knows how proposals are made and weighed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from extractor import assemble
from extractor.assemble import Draft
from extractor.confidence import THRESHOLD, confidence, features, learnt
from extractor.explanation import Fate, Reason
from extractor.frames import Proposal, propose
from extractor.memory import Ref, Scene
from extractor.mentions import Marks
from extractor.recognisers import Mark
from extractor.restraint import anchors_allowed, is_financing
from extractor.slots import instrument

__all__ = ["THRESHOLD", "Frame", "Way", "considered", "drafts", "turned_down"]


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
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands for one grant at most: its anchor in its sentence, and its readings."""

    scene: Scene
    anchor: Mark
    ways: tuple[Way, ...]

    def way_of(self, proposal: Proposal) -> int | None:
        """The place of the reading that a proposal is; None for a proposal of another frame."""
        return next((place for place, way in enumerate(self.ways) if way.proposal is proposal), None)


def considered(scenes: Iterable[Scene]) -> Iterator[Frame]:
    """Every frame of an article, in order."""
    for _, group in groupby(propose(scenes), key=lambda proposal: (proposal.anchor.start, proposal.syndicate)):
        ways = tuple(map(_way, group))
        yield Frame(ways[0].proposal.scene, ways[0].proposal.anchor, ways)


def drafts(frames: Sequence[Frame], marks: Marks) -> list[Draft]:
    """The events under way, as `extract` makes them; a draft's `proposals` tell what it was made of."""
    return assemble.merge(assemble.drafts([way.proposal for frame in frames for way in frame.ways], marks))


def turned_down(scenes: Iterable[Scene], anchors: frozenset[int]) -> Iterator[tuple[Scene, Mark, bool]]:
    """Sums that anchor no frame (and whether they might, were there a bank and a firm), and balances' instruments."""
    for scene in scenes:
        for mark in scene.within("amount"):
            if mark.start not in anchors:
                yield scene, mark, is_financing(scene, mark)
        for mark in scene.within("instrument"):
            if mark.start not in anchors and not anchors_allowed(scene, mark):
                yield scene, mark, False


def _way(proposal: Proposal) -> Way:
    told = instrument(proposal)
    slug = told.value if told else "loan"
    sure = confidence(proposal, slug)
    missed: Fate = "unlikely" if sure < THRESHOLD else "outvoted"
    if not assemble.may_borrow(proposal.firm.firm):
        missed = "no_borrower"
    weights = learnt()
    reasons = tuple(Reason(name, weights[name]) for name in set(features(proposal, slug)) if weights.get(name))
    sides = ((proposal.bank,), proposal.bank_from, (proposal.firm,), proposal.firm_from)
    return Way(*sides, sure, reasons, missed, proposal)

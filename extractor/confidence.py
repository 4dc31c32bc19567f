"""How sure a proposal is, between 0 and 1: a logistic sum of what speaks for and against it.

The weights are in `data/weights.csv`, set by hand on the gold's development part; the next step is to learn them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from extractor.data import table
from extractor.frames import Proposal

THRESHOLD = 0.5


def confidence(proposal: Proposal, slug: str) -> float:
    """The probability that a proposal is an event."""
    weights = table("weights", "feature", "weight")
    total = sum(float(weights.get(name, 0)) for name in features(proposal, slug))
    return 1 / (1 + math.exp(-total))


def features(proposal: Proposal, slug: str) -> Iterator[str]:
    """What is known of a proposal, by name."""
    scene = proposal.scene
    yield "always"
    yield f"bank:{proposal.bank_from}"
    yield f"firm:{proposal.firm_from}"
    yield f"instrument:{slug}"
    yield "sum" if proposal.amount else "no_sum"
    if not proposal.amount and proposal.bank_from.startswith("before"):
        yield "no_sum:bank_before"
    if not proposal.amount and proposal.firm_from.startswith("before"):
        yield "no_sum:firm_before"
    if proposal.firm.firm and not proposal.firm.firm.names:
        yield "undisclosed"
    if proposal.amount and proposal.amount.value.min and proposal.amount.value.min > 2e10:
        yield "huge"
    yield from (f"refusal:{why}" for why in {mark.value for mark in scene.within("refusal")})
    yield f"block:{scene.sentence.block.kind}"
    if not any(mark.value in ("granted", "agreed") for mark in scene.within("status")):
        yield "no_verb"

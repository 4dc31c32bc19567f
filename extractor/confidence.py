"""How sure a proposal is, between 0 and 1: a logistic sum of what speaks for and against it.

The weights are in `data/weights.csv`, learnt from the gold's development part by `train/judge.py`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from functools import cache

from extractor.case_words import GETS, GUARANTEE, LENDS, TO
from extractor.data import table, words
from extractor.frames import Proposal

THRESHOLD = 0.4
_FROM = re.compile(r"(?:从|由|与|和|向|同|被|受|获)\Z")


def confidence(proposal: Proposal, slug: str, weights: Mapping[str, float] | None = None) -> float:
    """The probability that a proposal is an event."""
    known = learnt() if weights is None else weights
    total = sum(known.get(name, 0.0) for name in set(features(proposal, slug)))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@cache
def learnt() -> dict[str, float]:
    """The weights by feature."""
    return {name: float(weight) for name, weight in table("weights", "feature", "weight").items()}


def features(proposal: Proposal, slug: str) -> Iterator[str]:
    """What is known of a proposal, by name."""
    scene = proposal.scene
    yield "always"
    yield f"bank:{proposal.bank_from}"
    yield f"firm:{proposal.firm_from}"
    yield f"ranks:{proposal.bank_rank}:{proposal.firm_rank}"
    yield f"both:{proposal.bank_from}+{proposal.firm_from}"
    yield f"instrument:{slug}"
    yield f"form:{_form(proposal)}"
    yield f"block:{scene.sentence.block.kind}"
    yield from _sum(proposal)
    yield from _distances(proposal)
    yield from _order(proposal)
    yield from _beside(proposal)


def _order(proposal: Proposal) -> Iterator[str]:
    """Who stands where, what binds the firm to the grant, and how the anchor is told."""
    scene, bank, firm, anchor = proposal.scene, proposal.bank, proposal.firm, proposal.anchor
    sentence, text = scene.sentence, scene.page_text
    here = [(ref.start, who) for ref, who in ((bank, "b"), (firm, "f")) if sentence.start <= ref.start < sentence.end]
    order = "".join(who for _, who in sorted([*here, (anchor.start, "a")]))
    yield f"order:{order}"
    yield f"order:{order}:{anchor.kind}"
    if "f" in order:
        before, after = text[max(sentence.start, firm.start - 8) : firm.start], text[firm.end : firm.end + 16]
        case = "to" if TO.search(before) else "not" if LENDS.search(before) or GUARANTEE.match(after) else ""
        yield f"case:{case or ('gets' if GETS.match(after) else 'none')}:{order}"
    if "b" in order:
        yield f"from:{'of' if _FROM.search(text[max(sentence.start, bank.start - 3) : bank.start]) else 'none'}:{order}"
    if len(here) == 2:
        yield f"same_clause:{sentence.clause(bank.start) == sentence.clause(firm.start)}"
    near = [m.value for m in scene.within("instrument") if 0 <= m.start - anchor.end <= 10]
    yield f"follows:{near[0] if near else 'none'}:{anchor.kind}"
    yield f"rivals:{min(len(scene.within('amount')), 3)}:{anchor.kind}"
    if firm.firm is not None and firm.firm.names:
        yield f"told:{min(firm.firm.count, 5)}"
    if not firm.named:
        yield f"word:{text[firm.start : firm.end][:2] if firm.start >= sentence.start else ''}"


def _form(proposal: Proposal) -> str:
    firm = proposal.firm.firm
    if firm is None or not firm.names:
        return "undisclosed"
    if firm.name.endswith("公司"):
        return "full"
    return "register" if firm.entry else "short"


def _sum(proposal: Proposal) -> Iterator[str]:
    if proposal.amount is None:
        yield "no_sum"
        return
    value = proposal.amount.value.max or proposal.amount.value.min or 0
    yield f"sum:1e{len(str(int(value))) - 1}"
    yield f"qualifier:{proposal.amount.value.qualifier}"
    if proposal.tranche:
        yield "tranche"


def _distances(proposal: Proposal) -> Iterator[str]:
    sentence, anchor = proposal.scene.sentence, proposal.anchor
    for who, ref in (("bank", proposal.bank), ("firm", proposal.firm)):
        if ref.start < sentence.start or ref.start >= sentence.end:
            continue
        side = "before" if ref.end <= anchor.start else "after"
        gap = abs(sentence.clause(ref.start) - sentence.clause(anchor.start))
        yield f"{who}:{side}:{min(gap, 4)}"
        others = proposal.scene.banks if who == "bank" else proposal.scene.firms
        yield f"{who}s:{min(len(others), 4)}"
    if proposal.shared_firm:
        yield "shared_firm"
    if proposal.shared_bank:
        yield "shared_bank"


def _beside(proposal: Proposal) -> Iterator[str]:
    """Cue words of the anchor's clause and of the sentence, refusals, and whether a verb tells the grant."""
    scene = proposal.scene
    clause = scene.sentence.clause(proposal.anchor.start)
    here = scene.clause_text(clause)
    near = scene.clause_text(clause - 1) if clause else ""
    yield from (f"here:{word}" for word in words("cue_words") if word in here)
    yield from (f"near:{word}" for word in words("cue_words") if word in near)
    for mark in {(m.value, scene.sentence.clause(m.start) == clause) for m in scene.within("refusal")}:
        yield f"refusal:{mark[0]}:{'here' if mark[1] else 'near'}"
    verbs = {m.value for m in scene.within("status") if abs(scene.sentence.clause(m.start) - clause) <= 1}
    yield from (f"verb:{verb}" for verb in verbs)
    if not verbs:
        yield "no_verb"

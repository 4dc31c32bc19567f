"""From a scene to proposals: who lends, who borrows, which sum, tied to the sum or the instrument that anchors them.

A proposal is generous; `extractor/confidence.py` weighs it and `extractor/assemble.py` keeps or refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.case_words import ALIGNED, BUYBACK_OWN, GETS, GUARANTEE, LENDS, TO, TRANCHE
from extractor.memory import Ref, Scene
from extractor.recognisers import Mark
from extractor.restraint import anchors_allowed, is_financing

_JOIN = re.compile(r"(?:、|和|与|及|以及|，|联合|携手|\([^)]{0,30}\)|分别|还有|连同)*\Z")
_BANK_JOIN = re.compile(r"(?:、|和|与|及|以及|联合|携手|共同|牵头|组成|任|\([^)]{0,30}\)|，由|，)*\Z")
_SYNDICATE = re.compile(r"银团|牵头|参贷|组团|参与|筹组|成员行|加入")
_FAR = 4
_GROUP_LIMIT = 12


@dataclass(slots=True)
class Proposal:
    """One possible event: the lender and borrower as meant, the anchor that tells the grant, and how they were found."""

    scene: Scene
    anchor: Mark
    amount: Mark | None
    bank: Ref
    firm: Ref
    bank_from: str
    firm_from: str
    shared_bank: bool
    shared_firm: bool
    tranche: bool = False
    syndicate: bool = False


def propose(scenes: Iterator[Scene]) -> Iterator[Proposal]:
    """Every (bank, firm, anchor) that the sentences may tell; a syndicate's members may follow in the next ones."""
    syndicate: Proposal | None = None
    age = 0
    for scene in scenes:
        age += 1
        found = list(_proposals(scene))
        if not any(p.amount for p in found) and syndicate and age <= 3 and _names_members(scene):
            yield from _members(scene, syndicate)
            continue
        yield from found
        told = next((p for p in found if p.amount and "银团" in scene.told), None)
        if told:
            syndicate, age = told, 0
        elif scene.told_new_story:
            syndicate = None


def _names_members(scene: Scene) -> bool:
    return any(ref.named for ref in scene.banks) and _SYNDICATE.search(scene.told) is not None


def _members(scene: Scene, told: Proposal) -> Iterator[Proposal]:
    """The banks that a sentence after a syndicated loan names: each lends the whole of it."""
    for ref in scene.banks:
        if ref.named:
            yield Proposal(told.scene, told.anchor, told.amount, ref, told.firm, "member", told.firm_from, True, False, syndicate=True)


def _proposals(scene: Scene) -> Iterator[Proposal]:
    if not (scene.firms or scene.firm_before):
        return
    amounts = [mark for mark in scene.within("amount") if is_financing(scene, mark)]
    aligned = list(_aligned(scene, amounts))
    if aligned:
        yield from aligned
        return
    anchors: list[tuple[Mark, Mark | None]] = [(mark, mark) for mark in amounts]
    anchors += [(mark, None) for mark in _bare_anchors(scene, amounts)]
    for anchor, amount in anchors:
        yield from _around(scene, anchor, amount)


def _around(scene: Scene, anchor: Mark, amount: Mark | None) -> Iterator[Proposal]:
    """The proposals of one anchor: its lenders with its borrowers."""
    banks, bank_from = _banks(scene, anchor, amount)
    firms, firm_from = _firms(scene, anchor)
    tranche = amount is not None and TRANCHE.search(scene.page_text[max(scene.sentence.start, anchor.start - 8) : anchor.start]) is not None
    for bank in banks:
        for firm in firms:
            shared = len(firms) > 1
            yield Proposal(scene, anchor, amount, bank, firm, bank_from, firm_from, len(banks) > 1, shared, tranche)


def _aligned(scene: Scene, amounts: list[Mark]) -> Iterator[Proposal]:
    """Lists in one order (分别, 依次): the first firm with the first bank and the first sum, and so on."""
    if not ALIGNED.search(scene.told):
        return
    banks, firms = _named(scene.banks), _named(scene.firms)
    count = len(firms)
    if count < 2 or (len(banks) not in (1, count)) or len(amounts) not in (0, count):
        if count == 1 and len(banks) == len(amounts) > 1:
            firms, count = firms * len(banks), len(banks)
        else:
            return
    if len(banks) == 1 and not amounts:
        return
    banks = banks * count if len(banks) == 1 else banks
    instruments = scene.within("instrument")
    for i in range(count):
        anchor = amounts[i] if amounts else (instruments[0] if instruments else None)
        if anchor is not None:
            amount = amounts[i] if amounts else None
            yield Proposal(scene, anchor, amount, banks[i], firms[i], "here", "case", False, False)


def _named(refs: list[Ref]) -> list[Ref]:
    return [ref for ref in refs if ref.named]


def _bare_anchors(scene: Scene, amounts: list[Mark]) -> Iterator[Mark]:
    """Instruments that tell a grant without a sum: one for each bank, with a verb beside it and no sum near."""
    sentence = scene.sentence
    statuses = scene.within("status")
    taken = {sentence.clause(mark.start) for mark in amounts}
    last_bank: Ref | None = None
    for mark in scene.within("instrument"):
        clause = sentence.clause(mark.start)
        if any(abs(clause - other) <= 2 for other in taken) or not anchors_allowed(scene, mark):
            continue
        verb = any(abs(sentence.clause(s.start) - clause) <= 1 and s.start != mark.start for s in statuses)
        if mark.value != "cooperation" and not verb:
            continue
        bank = min(scene.banks, key=lambda ref: _distance(ref, mark), default=None)
        firm_near = any(_distance(ref, mark) < 60 for ref in scene.firms)
        if (bank is None and not firm_near) or (last_bank is bank and bank is not None):
            continue
        last_bank = bank
        taken.add(clause)
        yield mark


def _distance(ref: Ref, anchor: Mark) -> float:
    """How far a name is from the anchor: what stands before counts less than what follows."""
    if ref.end <= anchor.start:
        return anchor.start - ref.end
    return 10 + 1.5 * max(0, ref.start - anchor.end)


def _banks(scene: Scene, anchor: Mark, amount: Mark | None) -> tuple[list[Ref], str]:
    """The lenders of an anchor: the nearest named in the sentence with those joined to it, else the one in focus."""
    near = sorted((ref for ref in scene.banks), key=lambda ref: _distance(ref, anchor))
    if near:
        if "银团" in scene.told and amount and len(_named(scene.banks)) > 1:
            return _named(scene.banks)[:_GROUP_LIMIT], "here"
        return _joined(scene, near[0], scene.banks, _BANK_JOIN), "here" if near[0].named else "word"
    unnamed = any(mark.value == "unnamed" for mark in scene.within("refusal"))
    if scene.bank_before and scene.bank_age <= _FAR and not unnamed:
        return [scene.bank_before], f"before{min(scene.bank_age, 3)}"
    return [], ""


def _firms(scene: Scene, anchor: Mark) -> tuple[list[Ref], str]:
    """The borrowers of an anchor: the one that a case word or verb marks, else the nearest, else the one in focus."""
    ranked = sorted(scene.firms, key=lambda ref: _distance(ref, anchor) + _case(ref, scene))
    if ranked:
        best = ranked[0]
        how = "case" if _case(best, scene) < 0 else "here"
        return _joined(scene, best, scene.firms, _JOIN), how if best.named else "word"
    if scene.firm_before and scene.firm_age <= _FAR:
        return [scene.firm_before], f"before{min(scene.firm_age, 3)}"
    return [], ""


def _case(ref: Ref, scene: Scene) -> float:
    """What the words beside a firm add to its distance: less after 向 or before 获得, more for a guarantor."""
    text, start = scene.page_text, scene.sentence.start
    before = text[max(start, ref.start - 8) : ref.start]
    after = text[ref.end : ref.end + 16]
    if GUARANTEE.match(after) or LENDS.search(before) or BUYBACK_OWN.match(after):
        return 80
    if TO.search(before):
        return -30
    if GETS.match(after):
        return -15
    return 5 if not ref.named else 0


def _joined(scene: Scene, ref: Ref, refs: list[Ref], join: re.Pattern[str]) -> list[Ref]:
    """`ref` with the names that 、 or 和 ties to it."""
    text = scene.page_text
    index = refs.index(ref)
    group = [ref]
    for other in range(index - 1, -1, -1):
        if not join.fullmatch(text[refs[other].end : refs[other + 1].start]):
            break
        group.insert(0, refs[other])
    for other in range(index + 1, len(refs)):
        if not join.fullmatch(text[refs[other - 1].end : refs[other].start]):
            break
        group.append(refs[other])
    return group if len(group) <= _GROUP_LIMIT else [ref]

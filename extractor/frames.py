"""From a scene to proposals: who lends, who borrows, which sum, tied to the sum or the instrument that anchors them.

A proposal is generous; `extractor/confidence.py` weighs it and `extractor/assemble.py` keeps or refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from extractor.case_words import ALIGNED, BUYBACK_OWN, GETS, GUARANTEE, LENDS, TO, TRANCHE
from extractor.memory import Ref, Scene
from extractor.recognisers import Mark
from extractor.restraint import anchors_allowed, is_financing

_JOIN = re.compile(r"(?:、|和|与|及|以及|，|联合|携手|\([^)]{0,30}\)|分别|还有|连同)*\Z")
_BANK_JOIN = re.compile(r"(?:、|和|与|及|以及|联合|携手|共同|牵头|组成|任|\([^)]{0,30}\)|，由|，)*\Z")
_SYNDICATE = re.compile(r"银团|牵头|参贷|组团|参与|筹组|成员行|加入|入团|参加|任联合|另外")
_FAR = 6
_GROUP_LIMIT = 12


@dataclass(slots=True)
class Proposal:
    """One possible event: the lender and borrower as meant, the anchor that tells it, and how they were found."""

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
    bank_rank: int = 0
    firm_rank: int = 0


def propose(scenes: Iterable[Scene]) -> Iterator[Proposal]:
    """Every (bank, firm, anchor) that the sentences may tell; a syndicate's members may stand in their neighbours."""
    table = _Table()
    for scene in scenes:
        table.turn(scene)
        found = list(_proposals(scene, table.waiting))
        if table.told and not any(p.amount for p in found) and _names_members(scene):
            yield from _members(scene, table.told)
            continue
        yield from found
        table.learn(scene, found)


@dataclass(slots=True)
class _Table:
    """A syndicate in the making: the loan told already, or members told before their loan."""

    told: Proposal | None = None
    waiting: list[Ref] = field(default_factory=list)
    age: int = 0

    def turn(self, scene: Scene) -> None:
        self.age += 1
        if self.age > 4 or scene.told_new_story:
            self.told, self.waiting = None, []

    def learn(self, scene: Scene, found: list[Proposal]) -> None:
        told = next((p for p in found if p.amount and "银团" in scene.told), None)
        told = told or _without_lender(scene)
        if told:
            self.told, self.waiting, self.age = told, [], 0
        elif _SYNDICATE.search(scene.told) and not any(p.amount for p in found) and _named(scene.banks):
            self.waiting, self.age = [*self.waiting, *_named(scene.banks)][:_GROUP_LIMIT], 0


def _without_lender(scene: Scene) -> Proposal | None:
    """A syndicated loan told before its banks are named: 与六家银行签署4.5亿美元银团贷款."""
    if "银团" not in scene.told or scene.banks:
        return None
    amounts = [mark for mark in scene.within("amount") if is_financing(scene, mark)]
    firm = scene.firms[0] if scene.firms else scene.firm_before
    if not amounts or firm is None:
        return None
    return Proposal(scene, amounts[0], amounts[0], Ref(-1, -1), firm, "member", "here", True, False)


def _names_members(scene: Scene) -> bool:
    named = _named(scene.banks)
    return len(named) >= 3 or (bool(named) and _SYNDICATE.search(scene.told) is not None)


def _members(scene: Scene, told: Proposal) -> Iterator[Proposal]:
    """The banks that a sentence after a syndicated loan names: each lends the whole of it."""
    for ref in _named(scene.banks):
        yield Proposal(
            told.scene, told.anchor, told.amount, ref, told.firm, "member", told.firm_from, True, False, syndicate=True
        )


def _proposals(scene: Scene, waiting: list[Ref]) -> Iterator[Proposal]:
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
        yield from _around(scene, anchor, amount, waiting)


def _around(scene: Scene, anchor: Mark, amount: Mark | None, waiting: list[Ref]) -> Iterator[Proposal]:
    """The proposals of one anchor: the likeliest lenders with the likeliest borrowers, and the next likeliest."""
    start = max(scene.sentence.start, anchor.start - 8)
    tranche = amount is not None and TRANCHE.search(scene.page_text[start : anchor.start]) is not None
    lenders = _banks(scene, anchor, amount)
    if amount is not None and len(waiting) > 1 and not scene.banks:
        lenders = [(waiting, "member")]
    for bank_rank, (banks, bank_from) in enumerate(lenders):
        for firm_rank, (firms, firm_from) in enumerate(_firms(scene, anchor)):
            several = (len(banks) > 1, len(firms) > 1)
            for bank in banks:
                for firm in firms:
                    yield Proposal(
                        scene,
                        anchor,
                        amount,
                        bank,
                        firm,
                        bank_from,
                        firm_from,
                        *several,
                        tranche,
                        False,
                        bank_rank,
                        firm_rank,
                    )


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
    """Instruments that tell a grant without a sum; a verb, where bank and firm stand without an instrument."""
    sentence = scene.sentence
    taken = {sentence.clause(mark.start) for mark in amounts}
    used: list[tuple[int | None, int | None]] = []
    found = False
    for mark in scene.within("instrument"):
        clause = sentence.clause(mark.start)
        if any(abs(clause - other) <= 1 for other in taken) or not anchors_allowed(scene, mark):
            continue
        bank = min(scene.banks, key=lambda ref: _distance(ref, mark), default=None)
        firm = min(scene.firms, key=lambda ref: _distance(ref, mark), default=None)
        names = (bank.start if bank else None, firm.start if firm else None)
        if (bank is None and firm is None) or names in used:
            continue
        used.append(names)
        found = True
        yield mark
    if not found and not amounts and any(ref.named for ref in scene.banks) and scene.firms:
        yield from scene.within("status")[:1]


def _distance(ref: Ref, anchor: Mark) -> float:
    """How far a name is from the anchor: what stands before counts less than what follows."""
    if ref.end <= anchor.start:
        return anchor.start - ref.end
    return 10 + 1.5 * max(0, ref.start - anchor.end)


Option = tuple[list[Ref], str]


def _banks(scene: Scene, anchor: Mark, amount: Mark | None) -> list[Option]:
    """The lenders of an anchor: the nearest named in the sentence with those joined to it, else the one in focus."""
    if "银团" in scene.told and amount and len(_named(scene.banks)) > 1:
        return [(_named(scene.banks)[:_GROUP_LIMIT], "here")]
    near = sorted(scene.banks, key=lambda ref: _distance(ref, anchor))
    options = _options(scene, near, _BANK_JOIN, 2)
    unnamed = any(mark.value == "unnamed" for mark in scene.within("refusal"))
    if scene.bank_before and scene.bank_age <= _FAR and not unnamed and not options:
        options.append(([scene.bank_before], f"before{min(scene.bank_age, 5)}"))
    return options


def _firms(scene: Scene, anchor: Mark) -> list[Option]:
    """The borrowers of an anchor: the one that a case word or verb marks, else the nearest; and the one in focus."""
    ranked = sorted(scene.firms, key=lambda ref: _distance(ref, anchor) + _case(ref, scene))
    options = _options(scene, ranked, _JOIN, 3)
    options = [(refs, "case" if how == "here" and _case(refs[0], scene) < 0 else how) for refs, how in options]
    before = scene.firm_before
    if before and scene.firm_age <= _FAR and all(before.firm is not ref.firm for refs, _ in options for ref in refs):
        options.append(([before], f"before{min(scene.firm_age, 5)}"))
    told = {id(ref.firm) for refs, _ in options for ref in refs}
    if scene.title_firm is not None and id(scene.title_firm) not in told:
        options.append(([Ref(-1, -1, firm=scene.title_firm, named=False)], "title"))
    return options


def _options(scene: Scene, ranked: list[Ref], join: re.Pattern[str], most: int) -> list[Option]:
    """The first few of `ranked`, each with those joined to it."""
    options: list[Option] = []
    for ref in ranked:
        if len(options) < most and all(ref not in refs for refs, _ in options):
            options.append((_joined(scene, ref, ranked_in_order(ranked), join), "here" if ref.named else "word"))
    return options


def ranked_in_order(refs: list[Ref]) -> list[Ref]:
    """References in the order of the text."""
    return sorted(refs, key=lambda ref: ref.start)


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

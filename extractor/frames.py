"""From a scene to proposals: who lends, who borrows, which sum, tied to the sum or the instrument that anchors them.

A proposal is generous; `extractor/confidence.py` weighs it and `extractor/assemble.py` keeps or refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.memory import Ref, Scene
from extractor.recognisers import Mark

_TO = re.compile(
    r"(?:向|为|给|对|给予|借给|贷给|放给|投给|发给|批给|支持|助力|帮助|帮|替|服务|携手|联合|与|和|同|跟|予)(?:[一-龥]{0,4}(?:企业|公司|客户))?\Z"
)
_GETS = re.compile(
    r"(?:已|也|便|就|还|又|近日|日前|成功|顺利|很快|从|昨日|今日|公告|拟|此前|随后|于[^，。]{1,12}?|[^，。]{0,6}?)?(?:获|得到|拿到|收到|取得|借|贷|签|向|申请|与|和|融)"
)
_JOIN = re.compile(r"(?:、|和|与|及|以及|，|联合|携手|牵头[、，]?|作为牵头行|\([^)]{0,20}\)|分别)*\Z")
_BANK_JOIN = re.compile(r"(?:、|和|与|及|以及|联合|携手|共同|牵头|组成|\([^)]{0,20}\)|，由|，)*\Z")
_GUARANTEE = re.compile(r"(?:提供)?(?:连带责任|全额|保证|反)?(?:担保|保证)")
_SPLIT = re.compile(r"分别|各")
_SHARED = re.compile(
    r"等(?:多家|[一二三四五六七八九十\d]+家)?(?:[一-龥]{0,10})(?:企业|公司|客户)|共|合计|三家|两家|五家|四家|总计"
)
_FAR = 4


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


def propose(scene: Scene) -> Iterator[Proposal]:
    """Every (bank, firm, anchor) that the sentence may tell."""
    if not (scene.banks or scene.bank_before) or not (scene.firms or scene.firm_before):
        return
    amounts = [mark for mark in scene.within("amount") if _is_financing(scene, mark)]
    anchors: list[tuple[Mark, Mark | None]] = [(mark, mark) for mark in amounts]
    anchors += [(mark, None) for mark in _bare_anchors(scene, amounts)]
    for anchor, amount in anchors:
        banks, bank_from = _banks(scene, anchor)
        firms, firm_from = _firms(scene, anchor, banks)
        shared = len(firms) > 1 and not _SPLIT.search(scene.page_text, scene.sentence.start, scene.sentence.end)
        for bank in banks:
            for firm in firms:
                yield Proposal(scene, anchor, amount, bank, firm, bank_from, firm_from, len(banks) > 1, shared)


def _is_financing(scene: Scene, amount: Mark) -> bool:
    """Whether a sum is money lent: an instrument or a grant's verb beside it, and nothing that speaks against it."""
    sentence = scene.sentence
    clause = sentence.clause(amount.start)
    for refusal in scene.within("refusal"):
        near = sentence.clause(refusal.start) == clause
        if refusal.value in ("balance", "customer") and near:
            return False
        if refusal.value == "programme":
            return False
        if refusal.value == "total" and near and not (scene.firms and refusal.start > amount.end + 12):
            return False
        if refusal.value == "other_money" and (
            0 <= amount.start - refusal.end <= 6 or 0 <= refusal.start - amount.end <= 3
        ):
            return False
    cues = [*scene.within("instrument"), *scene.within("status")]
    return any(abs(sentence.clause(cue.start) - clause) <= 1 for cue in cues)


def _bare_anchors(scene: Scene, amounts: list[Mark]) -> Iterator[Mark]:
    """Instruments that tell a grant without a sum: one for each bank, with a verb beside it and no sum near."""
    sentence = scene.sentence
    if any(r.value in ("balance", "programme", "refused", "customer", "total") for r in scene.within("refusal")):
        return
    statuses = scene.within("status")
    taken = {sentence.clause(mark.start) for mark in amounts}
    last_bank: Ref | None = None
    for mark in scene.within("instrument"):
        clause = sentence.clause(mark.start)
        if any(abs(clause - other) <= 2 for other in taken):
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


def _banks(scene: Scene, anchor: Mark) -> tuple[list[Ref], str]:
    """The lenders of an anchor: the nearest named in the sentence with those joined to it, else the one in focus."""
    near = sorted((ref for ref in scene.banks), key=lambda ref: _distance(ref, anchor))
    if near:
        return _joined(scene, near[0], scene.banks, _BANK_JOIN), "here" if near[0].named else "word"
    if scene.bank_before and scene.bank_age <= _FAR:
        return [scene.bank_before], f"before{min(scene.bank_age, 3)}"
    return [], ""


def _firms(scene: Scene, anchor: Mark, banks: list[Ref]) -> tuple[list[Ref], str]:
    """The borrowers of an anchor: the one that a case word or verb marks, else the nearest, else the one in focus."""
    text = scene.page_text
    ranked = sorted(scene.firms, key=lambda ref: _distance(ref, anchor) + _case(text, ref, scene))
    if ranked:
        best = ranked[0]
        how = "case" if _case(text, best, scene) < 0 else "here"
        return _joined(scene, best, scene.firms, _JOIN), how if best.named else "word"
    if scene.firm_before and scene.firm_age <= _FAR:
        return [scene.firm_before], f"before{min(scene.firm_age, 3)}"
    return [], ""


def _case(text: str, ref: Ref, scene: Scene) -> float:
    """What the words beside a firm add to its distance: less after 向 or before 获得, more for a guarantor."""
    start = scene.sentence.start
    before = text[max(start, ref.start - 8) : ref.start]
    after = text[ref.end : ref.end + 14]
    if _GUARANTEE.match(after) or before.endswith(("由", "收购", "持有", "购买")):
        return 80
    if _TO.search(before):
        return -30
    if _GETS.match(after):
        return -12
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
    return group if len(group) <= 12 else [ref]

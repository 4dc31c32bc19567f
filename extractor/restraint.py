"""What must not be read as a grant to one firm: balances, purchase prices, other money."""

from __future__ import annotations

import re

from extractor.memory import Scene
from extractor.recognisers import Mark

_OWN_MONEY = re.compile(r"回购|增持|买回|收购")
_RAISED = re.compile(r"(?:追加|提高|提升|增加|扩大|上调|增|扩|升|提)(?:至|到)")
_LENT = re.compile(r"贷款|承诺函|授信|借|融资|贷|提供|承诺|批|放款")


def is_financing(scene: Scene, amount: Mark) -> bool:
    """Whether a sum may be money lent: a cue in its sentence, and no other sense right beside it (营收1亿元)."""
    sentence = scene.sentence
    clause = sentence.clause(amount.start)
    if any(_other_money(scene, refusal, amount) for refusal in scene.within("refusal")):
        return False
    if _RAISED.match(scene.page_text, amount.end) and scene.page_text[max(0, amount.start - 4) : amount.start].endswith(
        ("由", "从", "最初的")
    ):
        return False
    told = scene.clause_text(clause)
    if _OWN_MONEY.search(told) and not _LENT.search(told):
        return False
    if scene.firms and scene.banks:
        return True
    cues = [*scene.within("instrument"), *scene.within("status")]
    return any(abs(sentence.clause(cue.start) - clause) <= 3 for cue in cues)


def _other_money(scene: Scene, refusal: Mark, amount: Mark) -> bool:
    if refusal.value == "customer":
        return True
    before = 0 <= amount.start - refusal.end <= 6
    if refusal.value == "balance":
        return before
    if refusal.value == "other_money":
        after = scene.page_text[amount.end : refusal.start] if refusal.start >= amount.end else "-"
        return (before and "，" not in scene.page_text[refusal.end : amount.start]) or after in ("", "的", "元")
    return False


def anchors_allowed(scene: Scene, mark: Mark) -> bool:
    """Whether an instrument without a sum may tell a grant: no balance is told of it (贷款余额)."""
    return not any(
        0 <= refusal.start - mark.end <= 1 for refusal in scene.within("refusal") if refusal.value == "balance"
    )

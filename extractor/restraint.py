"""What must not be read as a grant to one firm: balances, totals, programmes, purchase prices, parked cash, refusals."""

from __future__ import annotations

import re

from extractor.memory import Scene
from extractor.recognisers import Mark

_OWN_MONEY = re.compile(r"回购|增持|买回|收购")
_LENT = re.compile(r"贷款|承诺函|授信|借|融资|贷|提供|承诺|批|放款")


def is_financing(scene: Scene, amount: Mark) -> bool:
    """Whether a sum is money lent: a cue in its sentence or heading, and nothing that speaks against it beside it."""
    sentence = scene.sentence
    clause = sentence.clause(amount.start)
    if any(_speaks_against(scene, refusal, amount, clause) for refusal in scene.within("refusal")):
        return False
    told = scene.clause_text(clause)
    if _OWN_MONEY.search(told) and not _LENT.search(told):
        return False
    cues = [*scene.within("instrument"), *scene.within("status")]
    return any(abs(sentence.clause(cue.start) - clause) <= 2 for cue in cues)


def _speaks_against(scene: Scene, refusal: Mark, amount: Mark, clause: int) -> bool:
    near = scene.sentence.clause(refusal.start) == clause
    if refusal.value in ("balance", "customer"):
        return near
    if refusal.value == "programme":
        return True
    if refusal.value == "total":
        named = any(ref.named and ref.firm and ref.firm.names for ref in scene.firms)
        return not named or (near and not 12 < refusal.start - amount.end)
    if refusal.value == "other_money":
        return 0 <= amount.start - refusal.end <= 6 or 0 <= refusal.start - amount.end <= 3
    return False


def anchors_allowed(scene: Scene, mark: Mark) -> bool:
    """Whether an instrument without a sum may tell a grant: nothing beside it speaks of a total, balance or refusal."""
    clause = scene.sentence.clause(mark.start)
    for refusal in scene.within("refusal"):
        if refusal.value in ("programme", "customer"):
            return False
        if refusal.value in ("balance", "total", "refused") and abs(scene.sentence.clause(refusal.start) - clause) <= 1:
            return False
    return True

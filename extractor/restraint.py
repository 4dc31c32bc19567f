"""What must not be read as a grant to one firm: balances, purchase prices, other money."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.recognisers import Mark
from extractor.scene import Scene


def may_be_lent(scenes: Sequence[Scene], at: int, amount: Mark) -> bool:
    """Whether a sum may be money lent: a bank, an instrument or a status stands near, and no other sense beside it."""
    scene = scenes[at]
    if any(_other_money(scene, refusal, amount) for refusal in scene.within("refusal")):
        return False
    for near in (scene, *scenes[max(0, at - 1) : at], *scenes[at + 1 : at + 2]):  # its own sentence mostly tells
        if near.banks or "instrument" in near.own or "status" in near.own:
            return True
    return False


def _other_money(scene: Scene, refusal: Mark, amount: Mark) -> bool:
    if refusal.value == "customer":
        return True
    if refusal.value == "right_before":
        return 0 <= amount.start - refusal.end <= 1
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

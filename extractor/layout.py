"""What the page's layout says of who lends and who borrows: a list under a heading is a table in words.

    ### 澄砺科技
    - 样例银行：为企业提供授信支持

The heading names one side and nothing else, the item's label before its colon names the other; either may be the bank.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractor.identity import Firm
from extractor.scene import Ref, Scene

_COLON = re.compile(r"[：:—–-]")
_QUOTED = re.compile(r"[\s“”\"「」『』《》·、.()（）\d一二三四五六七八九十]*")

Sides = tuple[str, Firm]


def sides(scenes: Sequence[Scene], at: int, heads: tuple[int, int]) -> Sides | None:
    """The bank and the firm that a scene's label and its heading name; None where they do not name one of each.

    `heads` are the last heading with a bank and the last with a firm, -1 for none.
    """
    label = _label(scenes[at])
    if label is None:
        return None
    head = heads[1] if label.bank else heads[0]
    if head < 0 or head != _last_heading(scenes, at):
        return None
    other = _whole(scenes[head], scenes[head].firms if label.bank else scenes[head].banks)
    if other is None:
        return None
    bank, firm = (label.bank, other.firm) if label.bank else (other.bank, label.firm)
    return (bank, firm) if bank is not None and firm is not None else None


def _label(scene: Scene) -> Ref | None:
    """The name that an item begins with, where a colon follows: the first sentence of the item only."""
    block = scene.sentence.block
    if block.kind not in ("item", "text") or scene.sentence.start > block.start:
        return None
    for ref in (*scene.banks, *scene.firms):
        if ref.named and ref.start == block.start and _COLON.match(scene.page_text, ref.end):
            return ref
    return None


def _last_heading(scenes: Sequence[Scene], at: int) -> int:
    """The heading that a scene stands under; -1 for none in its story."""
    story = scenes[at].sentence.block.story
    for before in range(at - 1, -1, -1):
        block = scenes[before].sentence.block
        if block.story != story:
            return -1
        if block.kind == "heading":
            return before
    return -1


def _whole(scene: Scene, refs: Sequence[Ref]) -> Ref | None:
    """The one name that a heading is made of, but for quotation marks and numbers."""
    if len(refs) != 1:
        return None
    around = scene.told[: refs[0].start - scene.sentence.start] + scene.told[refs[0].end - scene.sentence.start :]
    return refs[0] if _QUOTED.fullmatch(around) else None

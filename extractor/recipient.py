"""To whom a clause says that money goes: the words after 给, 为 or 向, a firm or not (给新能源汽车产业链授信)."""

from __future__ import annotations

import re

from extractor.scene import Scene

_SLOT = re.compile(
    r"(?:给予|授予|[给为向对替帮])(?P<who>[^，。；：、“”]{1,30}?)(?=发放|投放|提供|授信|批|核|办|放|开|配|授|贷|送|增|续|下|打|拨|投|注|融|安排|[0-9一二两三四五六七八九十近超约]|，|。|；|$)"
)


def recipient(scene: Scene, start: int, end: int) -> tuple[tuple[int, int] | None, str]:
    """The recipient's place before an anchor at `start` to `end` and what fills it.

    It is looked for in the anchor's clause and the one before it; what fills it is a firm, a bank, other words, or none
    where there is no such place.
    """
    slot = _find(scene, start, end)
    if slot is None:
        return None, "none"
    if any(slot[0] <= ref.start < slot[1] for ref in scene.firms):
        return slot, "firm"
    return slot, "bank" if any(slot[0] <= ref.start < slot[1] for ref in scene.banks) else "other"


def _find(scene: Scene, start: int, end: int) -> tuple[int, int] | None:
    sentence = scene.sentence
    clause, edges = sentence.clause(start), scene.edges
    for number in (clause, clause - 1):
        if number >= 0:
            last = min(edges[number + 1], max(end, edges[number] + 1))
            found = list(_SLOT.finditer(scene.page_text, edges[number], last))
            if found:
                return found[-1].start("who"), found[-1].end("who")
    return None

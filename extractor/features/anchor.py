"""Whether anything is granted where a frame's anchor stands, before anyone is chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.features.view import bounds, meant, told, within
from extractor.frames import Frame

_NEGATED = re.compile(r"没有|没|未|不是|不再|拒|尚未|并非|无法|不了|不曾|难以")


def of_anchor(frame: Frame) -> Iterator[str]:
    """Whether anything is granted here at all, before anyone is chosen."""
    scene, anchor = frame.scene, frame.anchor
    sentence = scene.sentence
    words = told(scene)
    kind = anchor.kind
    yield "a:always"
    yield f"a:kind={kind}"
    yield f"a:block={sentence.block.kind}"
    clause = sentence.clause(anchor.start)
    near = _slug(frame, clause)
    yield f"a:slug={near}|{kind}"
    if frame.amount is not None:
        yield from _sum(frame)
    at = words.index(anchor.start)
    for offset in (-3, -2, -1):
        word = words.words[at + offset] if at + offset >= 0 else "^"
        yield f"a:{offset}={word}|{kind}"
    after = words.index(anchor.end)
    for offset in (0, 1, 2):
        word = words.words[after + offset] if after + offset < len(words.words) else "$"
        yield f"a:+{offset}={word}|{kind}"
    edges = bounds(scene)
    for name, number in (("c", clause), ("p", clause - 1), ("n", clause + 1)):
        if 0 <= number < len(edges) - 1:
            for word in set(words.between(edges[number], edges[number + 1])):
                yield f"a:{name}:{word}"
    yield from _senses_of_anchor(frame)
    yield f"a:slot={frame.slot[1]}|{kind}"
    yield from _around(frame, clause)
    yield f"a:here={min(len(scene.banks), 2)}{min(len(scene.firms), 3)}|{kind}"
    yield f"a:many={min(len(frame.lenders), 4)}|{min(len(frame.borrowers), 5)}"
    if frame.tranche:
        yield "a:tranche"
    if _NEGATED.search(scene.clause_text(clause)):
        yield f"a:negated|{kind}"


def _senses_of_anchor(frame: Frame) -> Iterator[str]:
    """What the anchor's clause, its neighbours and the sentences around speak of."""
    scene, anchor = frame.scene, frame.anchor
    kind = anchor.kind[0]
    found = meant(scene)
    clause = scene.sentence.clause(anchor.start)
    edges = bounds(scene)
    first, last = edges[clause], edges[clause + 1]
    for name in within(found, first, anchor.start):
        yield f"a:<{name}|{kind}"
    for name in within(found, anchor.end, last):
        yield f"a:>{name}|{kind}"
    before = [sense for sense in found if sense.end <= anchor.start]
    after = [sense for sense in found if sense.start >= anchor.end]
    if before:
        yield from (f"a:L{name}{min((anchor.start - before[-1].end) // 4, 3)}|{kind}" for name in before[-1].names)
    if after:
        yield from (f"a:R{name}{min((after[0].start - anchor.end) // 4, 3)}|{kind}" for name in after[0].names)
    near = (("p", clause - 1), ("n", clause + 1), ("pp", clause - 2), ("nn", clause + 2))
    for where, number in near:
        if 0 <= number < len(edges) - 1:
            yield from (f"a:{where}{name}|{kind}" for name in within(found, edges[number], edges[number + 1]))
    yield from (f"a:any{name}" for name in within(found, scene.sentence.start, scene.sentence.end))
    for step in (-1, 1):
        if 0 <= frame.at + step < len(frame.scenes):
            other = frame.scenes[frame.at + step]
            told_there = within(meant(other), other.sentence.start, other.sentence.end)
            yield from (f"a:{step}{name}" for name in told_there)


def _slug(frame: Frame, clause: int) -> str:
    scene, anchor = frame.scene, frame.anchor
    if anchor.kind == "instrument":
        return str(anchor.value)
    marks = scene.within("instrument")
    follows = next((m for m in marks if 0 <= m.start - anchor.end <= 10), None)
    if follows is not None:
        return f"+{follows.value}"
    same = next((m for m in marks if scene.sentence.clause(m.start) == clause), None)
    if same is not None:
        return str(same.value)
    return "~" if marks else "none"


def _sum(frame: Frame) -> Iterator[str]:
    assert frame.amount is not None
    amount = frame.amount.value
    value = amount.max or amount.min or 0
    yield f"a:sum=1e{len(str(int(value))) - 1}"
    yield f"a:qualifier={amount.qualifier}"
    if amount.currency != "CNY":
        yield "a:foreign"
    others = frame.scene.within("amount")
    yield f"a:sums={min(len(others), 4)}"
    yield f"a:place={min(sum(m.start < frame.anchor.start for m in others), 3)}"


def _around(frame: Frame, clause: int) -> Iterator[str]:
    """Refusals, statuses, dates and terms in and near the clause."""
    scene, anchor = frame.scene, frame.anchor
    for mark in scene.within("refusal"):
        gap = scene.sentence.clause(mark.start) - clause
        where = "here" if gap == 0 else "near" if abs(gap) == 1 else "far"
        yield f"a:refusal={mark.value}:{where}|{anchor.kind}"
    verbs = {m.value for m in scene.within("status") if abs(scene.sentence.clause(m.start) - clause) <= 1}
    for verb in verbs:
        yield f"a:verb={verb}|{anchor.kind}"
    if not verbs:
        yield f"a:verb=none|{anchor.kind}"
    if scene.within("date"):
        yield "a:dated"
    if scene.within("term"):
        yield "a:termed"
    for step in (-1, 1):
        if 0 <= frame.at + step < len(frame.scenes):
            other = frame.scenes[frame.at + step]
            told_there = (bool(other.banks), bool(other.firms), bool(other.within("amount")))
            yield f"a:beside{step}={''.join(str(int(one)) for one in told_there)}"

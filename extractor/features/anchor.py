"""Whether anything is granted where a frame's anchor stands, before anyone is chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractor.features.facts import Fact
from extractor.frames import Frame
from extractor.scene import Scene

_NEGATED = re.compile(r"没有|没|未|不是|不再|拒|尚未|并非|无法|不了|不曾|难以")


def of_anchor(frame: Frame) -> Iterator[Fact]:
    """Whether anything is granted here at all, before anyone is chosen."""
    scene, anchor = frame.scene, frame.anchor
    kind = anchor.kind
    clause = scene.sentence.clause(anchor.start)
    negated = _NEGATED.search(scene.clause_text(clause)) is not None
    yield _anchored, kind, scene.sentence.block.kind, _slug(frame, clause), frame.slot[1], negated, frame.tranche
    many = (min(len(frame.lenders), 4), min(len(frame.borrowers), 5))
    yield _among, kind, min(len(scene.banks), 2), min(len(scene.firms), 3), *many
    if frame.amount is not None:
        yield _sum(frame)
    yield from _words(frame, clause)
    yield from _senses(frame, clause)
    yield from _around(frame, clause)
    yield _timed, bool(scene.within("date")), bool(scene.within("term"))
    for step in (-1, 1):
        if 0 <= frame.at + step < len(frame.scenes):
            yield _beside(frame.scenes[frame.at + step], step)


def _anchored(kind: str, block: str, slug: str, slot: str, negated: bool, tranche: bool) -> Iterator[str]:
    yield "a:always"
    yield f"a:kind={kind}"
    yield f"a:block={block}"
    yield f"a:slug={slug}|{kind}"
    yield f"a:slot={slot}|{kind}"
    if negated:
        yield f"a:negated|{kind}"
    if tranche:
        yield "a:tranche"


def _among(kind: str, banks: int, firms: int, lenders: int, borrowers: int) -> Iterator[str]:
    yield f"a:here={banks}{firms}|{kind}"
    yield f"a:many={lenders}|{borrowers}"


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


def _sum(frame: Frame) -> Fact:
    assert frame.amount is not None
    amount = frame.amount.value
    value = amount.max or amount.min or 0
    others = frame.scene.within("amount")
    before = sum(mark.start < frame.anchor.start for mark in others)
    digits = len(str(int(value)))
    return _summed, digits, amount.qualifier, amount.currency != "CNY", min(len(others), 4), min(before, 3)


def _summed(digits: int, qualifier: str, foreign: bool, sums: int, before: int) -> Iterator[str]:
    yield f"a:sum=1e{digits - 1}"
    yield f"a:qualifier={qualifier}"
    if foreign:
        yield "a:foreign"
    yield f"a:sums={sums}"
    yield f"a:place={before}"


def _words(frame: Frame, clause: int) -> Iterator[Fact]:
    """The words beside the anchor, and those of its clause (c), the one before (p) and the one after (n)."""
    scene, anchor = frame.scene, frame.anchor
    words, edges = scene.stream, scene.edges
    at, after = words.index(anchor.start), words.index(anchor.end)
    for offset in (-3, -2, -1):
        yield _left, offset, words.words[at + offset] if at + offset >= 0 else "^", anchor.kind
    for offset in (0, 1, 2):
        yield _right, offset, words.words[after + offset] if after + offset < len(words.words) else "$", anchor.kind
    for name, number in (("c", clause), ("p", clause - 1), ("n", clause + 1)):
        if 0 <= number < len(edges) - 1:
            yield from [(_word, name, w) for w in dict.fromkeys(words.between(edges[number], edges[number + 1]))]


def _left(offset: int, word: str, kind: str) -> Iterator[str]:
    yield f"a:{offset}={word}|{kind}"


def _right(offset: int, word: str, kind: str) -> Iterator[str]:
    yield f"a:+{offset}={word}|{kind}"


def _word(where: str, word: str) -> Iterator[str]:
    yield f"a:{where}:{word}"


def _senses(frame: Frame, clause: int) -> Iterator[Fact]:
    """What the anchor's clause, its neighbours and the sentences around speak of."""
    scene, anchor = frame.scene, frame.anchor
    kind = anchor.kind[0]
    found, edges = scene.senses, scene.edges
    yield _spoken, "<", found.within(edges[clause], anchor.start), kind
    yield _spoken, ">", found.within(anchor.end, edges[clause + 1]), kind
    before, after = found.before(anchor.start), found.after(anchor.end)
    if before is not None:
        yield _nearest, "L", before.names, min((anchor.start - before.end) // 4, 3), kind
    if after is not None:
        yield _nearest, "R", after.names, min((after.start - anchor.end) // 4, 3), kind
    for where, number in (("p", clause - 1), ("n", clause + 1), ("pp", clause - 2), ("nn", clause + 2)):
        if 0 <= number < len(edges) - 1:
            yield _spoken, where, found.within(edges[number], edges[number + 1]), kind
    yield _speaks, "any", scene.speaks_of
    for step in (-1, 1):
        if 0 <= frame.at + step < len(frame.scenes):
            yield _speaks, step, frame.scenes[frame.at + step].speaks_of


def _spoken(where: str, senses: Sequence[str], kind: str) -> Iterator[str]:
    yield from (f"a:{where}{sense}|{kind}" for sense in senses)


def _nearest(where: str, senses: Sequence[str], gap: int, kind: str) -> Iterator[str]:
    yield from (f"a:{where}{sense}{gap}|{kind}" for sense in senses)


def _speaks(where: str | int, senses: Sequence[str]) -> Iterator[str]:
    yield from (f"a:{where}{sense}" for sense in senses)


def _around(frame: Frame, clause: int) -> Iterator[Fact]:
    """Refusals and statuses in and near the clause."""
    scene, kind = frame.scene, frame.anchor.kind
    refusals: dict[Fact, None] = {}
    for mark in scene.within("refusal"):
        gap = abs(scene.sentence.clause(mark.start) - clause)
        refusals[_refused, mark.value, "here" if gap == 0 else "near" if gap == 1 else "far", kind] = None
    yield from refusals
    near = {m.value for m in scene.within("status") if abs(scene.sentence.clause(m.start) - clause) <= 1}
    yield _staged, tuple(sorted(near)), kind


def _refused(refusal: str, where: str, kind: str) -> Iterator[str]:
    yield f"a:refusal={refusal}:{where}|{kind}"


def _staged(verbs: Sequence[str], kind: str) -> Iterator[str]:
    yield from (f"a:verb={verb}|{kind}" for verb in verbs or ("none",))


def _timed(dated: bool, termed: bool) -> Iterator[str]:
    if dated:
        yield "a:dated"
    if termed:
        yield "a:termed"


def _beside(other: Scene, step: int) -> Fact:
    return _neighbour, step, bool(other.banks), bool(other.firms), bool(other.within("amount"))


def _neighbour(step: int, *told: bool) -> Iterator[str]:
    yield f"a:beside{step}={''.join(str(int(one)) for one in told)}"

"""Whether anything is granted where a frame's anchor stands, before anyone is chosen."""

from __future__ import annotations

import re
from bisect import bisect_left
from operator import attrgetter

from extractor.features.facts import Fact, Telling, Told
from extractor.frames import Frame
from extractor.scene import Scene

Names = tuple[str, ...]
_START = attrgetter("start")
_NEGATED = re.compile(r"没有|没|未|不是|不再|拒|尚未|并非|无法|不了|不曾|难以")


def of_anchor(frame: Frame) -> Telling:
    """Whether anything is granted here at all, before anyone is chosen."""
    scene, clause = frame.scene, frame.clause
    facts = [*_itself(frame, clause), *_beside(frame), *_senses(frame, clause), *_around(frame, clause)]
    words = [_sentence(frame), _clause(scene, "c", clause)]
    if clause:
        words.append(_clause(scene, "p", clause - 1))
    if clause < len(scene.sentence.commas):
        words.append(_clause(scene, "n", clause + 1))
    return facts, words


def _itself(frame: Frame, clause: int) -> list[Fact]:
    scene, kind = frame.scene, frame.anchor.kind
    negated = _NEGATED.search(scene.page_text, *scene.clause_span(clause)) is not None
    facts: list[Fact] = [
        (_anchored, kind, scene.sentence.block.kind, _slug(frame, clause), frame.slot[1], negated, frame.tranche),
        (
            _among,
            kind,
            min(len(scene.banks), 2),
            min(len(scene.firms), 3),
            min(len(frame.lenders), 4),
            min(len(frame.borrowers), 5),
        ),
    ]
    if frame.amount is not None:
        facts.append(_sum(frame))
    return facts


def _anchored(kind: str, block: str, slug: str, slot: str, negated: bool, tranche: bool) -> Names:
    return (
        "a:always",
        f"a:kind={kind}",
        f"a:block={block}",
        f"a:slug={slug}|{kind}",
        f"a:slot={slot}|{kind}",
        *([f"a:negated|{kind}"] if negated else ()),
        *(["a:tranche"] if tranche else ()),
    )


def _among(kind: str, banks: int, firms: int, lenders: int, borrowers: int) -> Names:
    return f"a:here={banks}{firms}|{kind}", f"a:many={lenders}|{borrowers}"


def _slug(frame: Frame, clause: int) -> str:
    scene, anchor = frame.scene, frame.anchor
    if anchor.kind == "instrument":
        return str(anchor.value)
    marks = scene.within("instrument")
    for mark in marks:
        if 0 <= mark.start - anchor.end <= 10:
            return f"+{mark.value}"
    for mark in marks:
        if scene.sentence.clause(mark.start) == clause:
            return str(mark.value)
    return "~" if marks else "none"


def _sum(frame: Frame) -> Fact:
    assert frame.amount is not None
    amount = frame.amount.value
    value = amount.max or amount.min or 0
    others = frame.scene.within("amount")
    before = bisect_left(others, frame.anchor.start, key=_START)
    digits = len(str(int(value)))
    return _summed, digits, amount.qualifier, amount.currency != "CNY", min(len(others), 4), min(before, 3)


def _summed(digits: int, qualifier: str, foreign: bool, sums: int, before: int) -> Names:
    names = (f"a:sum=1e{digits - 1}", f"a:qualifier={qualifier}", f"a:sums={sums}", f"a:place={before}")
    return (*names, "a:foreign") if foreign else names


def _beside(frame: Frame) -> list[Fact]:
    """The three words left and right of the anchor."""
    words, starts = frame.scene.stream
    kind, start, end, *_ = frame.anchor
    at, after = bisect_left(starts, start), bisect_left(starts, end)
    third, second, first = ("^", "^", "^", *words[max(0, at - 3) : at])[-3:]
    following, next_, last = (*words[after : after + 3], "$", "$", "$")[:3]
    return [
        (_word_beside, "-3", third, kind),
        (_word_beside, "-2", second, kind),
        (_word_beside, "-1", first, kind),
        (_word_beside, "+0", following, kind),
        (_word_beside, "+1", next_, kind),
        (_word_beside, "+2", last, kind),
    ]


def _word_beside(offset: str, word: str, kind: str) -> Names:
    return (f"a:{offset}={word}|{kind}",)


def _clause(scene: Scene, where: str, number: int) -> Told:
    """The words of the anchor's clause (c), the one before (p) or the one after (n)."""
    key = (where, number)
    known: Told | None = scene.kept.get(key)
    if known is None:
        words = dict.fromkeys(scene.stream.between(scene.edges[number], scene.edges[number + 1]))
        known = scene.kept[key] = Told([(_word, where, word) for word in words])
    return known


def _word(where: str, word: str) -> Names:
    return (f"a:{where}:{word}",)


def _senses(frame: Frame, clause: int) -> list[Fact]:
    """What the anchor's clause, its neighbours and the sentences around speak of."""
    scene, anchor = frame.scene, frame.anchor
    kind = anchor.kind[0]
    found, edges = scene.senses, scene.edges
    facts: list[Fact] = [
        (_spoken, "<", found.within(edges[clause], anchor.start), kind),
        (_spoken, ">", found.within(anchor.end, edges[clause + 1]), kind),
    ]
    before, after = found.before(anchor.start), found.after(anchor.end)
    if before is not None:
        facts.append((_nearest, "L", before.names, min((anchor.start - before.end) // 4, 3), kind))
    if after is not None:
        facts.append((_nearest, "R", after.names, min((after.start - anchor.end) // 4, 3), kind))
    for where, number in (("p", clause - 1), ("n", clause + 1), ("pp", clause - 2), ("nn", clause + 2)):
        if 0 <= number < len(edges) - 1 and (told := found.within(edges[number], edges[number + 1])):
            facts.append((_spoken, where, told, kind))
    return facts


def _spoken(where: str, senses: Names, kind: str) -> Names:
    return tuple(f"a:{where}{sense}|{kind}" for sense in senses)


def _nearest(where: str, senses: Names, gap: int, kind: str) -> Names:
    return tuple(f"a:{where}{sense}{gap}|{kind}" for sense in senses)


def _speaks(where: str | int, senses: Names) -> Names:
    return tuple(f"a:{where}{sense}" for sense in senses)


def _around(frame: Frame, clause: int) -> list[Fact]:
    """Refusals and statuses in and near the clause."""
    scene, kind = frame.scene, frame.anchor.kind
    refusals: dict[Fact, None] = {}
    for mark in scene.within("refusal"):
        gap = abs(scene.sentence.clause(mark.start) - clause)
        refusals[_refused, mark.value, "here" if gap == 0 else "near" if gap == 1 else "far", kind] = None
    near = {m.value for m in scene.within("status") if -1 <= scene.sentence.clause(m.start) - clause <= 1}
    return [*refusals, (_staged, tuple(sorted(near)), kind)]


def _sentence(frame: Frame) -> Told:
    """What hangs on the sentence alone: what it speaks of, whether it tells a date or term, what stands beside it."""
    scene = frame.scene
    known: Told | None = scene.kept.get("sentence")
    if known is None:
        facts: list[Fact] = [(_timed, "date" in scene.own, "term" in scene.own)]
        facts.append((_speaks, "any", scene.speaks_of))
        for step in (-1, 1):
            if 0 <= frame.at + step < len(frame.scenes):
                other = frame.scenes[frame.at + step]
                facts.append((_speaks, step, other.speaks_of))
                facts.append((_neighbour, step, bool(other.banks), bool(other.firms), "amount" in other.own))
        known = scene.kept["sentence"] = Told(facts)
    return known


def _refused(refusal: str, where: str, kind: str) -> Names:
    return (f"a:refusal={refusal}:{where}|{kind}",)


def _staged(verbs: Names, kind: str) -> Names:
    return tuple(f"a:verb={verb}|{kind}" for verb in verbs or ("none",))


def _timed(dated: bool, termed: bool) -> Names:
    return (*(["a:dated"] if dated else ()), *(["a:termed"] if termed else ()))


def _neighbour(step: int, *told: bool) -> Names:
    return (f"a:beside{step}={''.join(str(int(one)) for one in told)}",)

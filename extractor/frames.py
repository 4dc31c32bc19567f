"""From scenes to frames: what may tell a grant (a sum, an instrument, a verb), who may lend and who may borrow there.

A frame is generous: it lists every bank and firm that stands near enough. `extractor/features` describes its choices
and `extractor/weighing.py` weighs them against one another and against nothing at all.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extractor.case_words import ALIGNED, TRANCHE
from extractor.identity import Firm
from extractor.joined import GROUP_LIMIT, Joined, distinct, joined
from extractor.layout import Sides, sides
from extractor.once import once
from extractor.raised import raised
from extractor.recipient import recipient
from extractor.recognisers import Mark
from extractor.restraint import anchors_allowed, may_be_lent
from extractor.scene import Ref, Scene
from extractor.survey import Survey

_SYNDICATE = re.compile(r"银团|牵头|参贷|组团|参与|筹组|成员行|加入|入团|参加|任联合|另外|代理行|安排行")
_BEFORE, _AFTER = 6, 2
_MOST = {"B": 7, "F": 9}
_LOOKED_AT = 48
"""Names looked at for a side: a row of a thousand banks says no more of who lends than its nearest."""


@dataclass(slots=True)
class Unit:
    """One possible side of a grant: a name, or several that 、 and 和 join; `at` is the scene it stands in.

    `how` is near, head, title, syndicate or syndicates. Of its frame: `rank` counts the candidates from the nearest,
    `place` tells coarsely where it stands: 0b and 0a before and after the anchor in its sentence, else sentences away.
    """

    refs: tuple[Ref, ...]
    at: int
    ref: Ref
    how: str = "near"
    rank: int = 0
    place: str = ""


@dataclass
class Frame:
    """What may tell one grant: its anchor (`amount` where that is a sum) and the candidates for its two sides.

    `aligned` says that both sides stand in the anchor's place of lists in one order; `leads` are the firms that the
    article and the anchor's block name first; `laid` are the sides that the page's layout tells (of an item its
    sum's frame, where it has one: what else the item tells is how); `survey` looks over
    all `scenes`, of which `scene` is the sentence that the anchor stands in, in its `clause`.
    """

    scenes: Sequence[Scene]
    survey: Survey
    at: int
    anchor: Mark
    amount: Mark | None
    lenders: list[Unit]
    borrowers: list[Unit]
    aligned: bool = False
    tranche: bool = False
    leads: tuple[Firm | None, Firm | None] = (None, None)
    laid: Sides | None = None
    scene: Scene = field(init=False)
    clause: int = field(init=False)

    def __post_init__(self) -> None:
        self.scene = self.scenes[self.at]
        self.clause = self.scene.sentence.clause(self.anchor.start)

    @once
    def slot(self) -> tuple[tuple[int, int] | None, str]:
        """Where the words before the anchor say to whom money goes, and what stands there."""
        return recipient(self.scene, self.anchor.start, self.anchor.end)


@dataclass
class Proposal:
    """One event that a frame may tell: a lender and a borrower out of its candidates."""

    scene: Scene
    anchor: Mark
    amount: Mark | None
    bank: Ref
    firm: Ref
    shared_bank: bool
    shared_firm: bool
    tranche: bool = False
    syndicate: bool = False

    @once
    def span(self) -> tuple[int, int]:
        """The part of the sentence that tells it: from its first name to the clause after its anchor."""
        sentence, anchor = self.scene.sentence, self.anchor
        start = min([anchor.start, *[ref.start for ref in (self.bank, self.firm) if ref.start >= sentence.start]])
        commas = sentence.commas[bisect_left(sentence.commas, anchor.end) :]
        end = commas[1] if len(commas) > 1 else sentence.end
        if self.amount:
            end = min([end, *[sum_.start for sum_ in self.scene.within("amount") if sum_.start > anchor.end]])
        last = min(max(self.bank.end, self.firm.end), sentence.end)
        return start, max(end, last, anchor.end)


def frames(scenes: Sequence[Scene]) -> Iterator[Frame]:
    """Every frame of an article that has a bank and a firm to choose from, in order."""
    heads = _heads(scenes)
    survey = Survey(scenes)
    first = next((ref.firm for scene in scenes for ref in scene.firms), None)
    led: dict[int, Firm | None] = {}
    for scene in scenes:
        if scene.firms:
            led.setdefault(scene.sentence.block.start, scene.firms[0].firm)
    for at, scene in enumerate(scenes):
        if not ("amount" in scene.own or "instrument" in scene.own or (scene.banks and scene.firms)):
            continue
        anchors = list(_anchors(scenes, at))
        if not anchors:
            continue
        sums = [amount for _, amount in anchors if amount is not None]
        aligned = _aligned(scene, sums)
        laid = sides(scenes, at, heads[at])
        near = _near(scenes, at)
        for anchor, amount in anchors:
            if anchor.start in aligned:
                lenders, borrowers = ([Unit((ref,), at, ref)] for ref in aligned[anchor.start])
            else:
                lenders = _candidates(scenes, near, anchor, "B", heads[at][0])
                borrowers = _candidates(scenes, near, anchor, "F", heads[at][1]) if lenders else []
            if lenders and borrowers:
                _put(lenders, at, anchor)
                _put(borrowers, at, anchor)
                frame = Frame(scenes, survey, at, anchor, amount, lenders, borrowers, anchor.start in aligned)
                frame.leads = (first, led.get(scene.sentence.block.start))
                frame.laid = laid if amount is not None or not sums else None
                frame.tranche = amount is not None and _is_tranche(scene, anchor)
                yield frame


def _put(units: Sequence[Unit], at: int, anchor: Mark) -> None:
    """Tell each candidate its rank and its place."""
    for rank, unit in enumerate(units):
        unit.rank = rank
        gap = unit.at - at
        if unit.how != "near":
            unit.place = unit.how
        elif gap == 0:
            unit.place = "0b" if unit.ref.end <= anchor.start else "0a"
        else:
            unit.place = str(max(gap, -4)) if gap < 0 else f"+{gap}"


def _heads(scenes: Sequence[Scene]) -> list[tuple[int, int]]:
    """For each scene the last heading with a bank and the last with a firm, -1 for none in its story."""
    heads = []
    bank = firm = -1
    for at, scene in enumerate(scenes):
        if scene.told_new_story:
            bank = firm = -1
        heads.append((bank, firm))
        if scene.sentence.block.kind == "heading":
            bank = at if scene.banks else bank
            firm = at if scene.firms else firm
    return heads


def _is_tranche(scene: Scene, anchor: Mark) -> bool:
    start = max(scene.sentence.start, anchor.start - 8)
    return TRANCHE.search(scene.page_text[start : anchor.start]) is not None


def _anchors(scenes: Sequence[Scene], at: int) -> Iterator[tuple[Mark, Mark | None]]:
    """The sums that may be lent, instruments away from them, and a verb where nothing else tells a grant."""
    scene = scenes[at]
    amounts = [mark for mark in scene.within("amount") if may_be_lent(scenes, at, mark)]
    yield from raised(scene, amounts)
    sentence = scene.sentence
    taken = {sentence.clause(mark.start) for mark in amounts}
    used: set[int] = set()
    for mark in scene.within("instrument"):
        clause = sentence.clause(mark.start)
        if clause in used or any(abs(clause - other) <= 1 for other in taken) or not anchors_allowed(scene, mark):
            continue
        used.add(clause)
        yield mark, None
    if not used and not amounts and scene.banks and scene.firms:
        yield from ((mark, None) for mark in scene.within("status")[:1])


def _candidates(scenes: Sequence[Scene], near: Sequence[int], anchor: Mark, side: str, head: int) -> list[Unit]:
    """The banks or firms that stand near an anchor, each once, the nearest first, with those joined to them."""
    units: list[Unit] = []
    seen: set[object] = set()
    looked_at, most, at = 0, _MOST[side], near[0]
    for where in near:
        if not (scenes[where].banks if side == "B" else scenes[where].firms):
            continue
        names = _nearest_first(joined(scenes[where], side), where - at, anchor)
        for name in names[: _LOOKED_AT - looked_at]:
            if len(units) >= most:
                break
            if name.key not in seen:
                _add(units, seen, where, name, "near")
        looked_at += len(names)
        if looked_at >= _LOOKED_AT or len(units) >= most:
            break
    if head >= 0:
        for name in joined(scenes[head], side)[:1]:
            if name.key not in seen:
                _add(units, seen, head, name, "head")
    if side == "B":
        return [*units, *_syndicates(scenes, at)]
    title = scenes[at].title_firm
    if title is not None and id(title) not in seen:
        ref = Ref(-1, -1, firm=title, named=False)
        units.append(Unit((ref,), -1, ref, "title"))
    return units


def _add(units: list[Unit], seen: set[object], where: int, name: Joined, how: str) -> None:
    seen.add(name.key)
    if len(name.group) > 1 and name.whole not in seen:
        seen.add(name.whole)
        units.append(Unit(name.group, where, name.ref, how))
    units.append(Unit((name.ref,), where, name.ref, how))


def _near(scenes: Sequence[Scene], at: int) -> list[int]:
    """A scene, then those of its story before it backwards, then those after it."""
    near = [at]
    story = scenes[at].sentence.block.story
    for around in (range(at - 1, max(-1, at - 1 - _BEFORE), -1), range(at + 1, min(len(scenes), at + 1 + _AFTER))):
        for where in around:
            if scenes[where].sentence.block.story != story:
                break
            near.append(where)
    return near


def _nearest_first(names: Sequence[Joined], away: int, anchor: Mark) -> Sequence[Joined]:
    """The names of the anchor's sentence by distance, those of one before it backwards, those of one after it as they
    stand."""
    if len(names) < 2 or away > 0:
        return names
    return names[::-1] if away else sorted(names, key=lambda name: _distance(name.ref, anchor))


def _distance(ref: Ref, anchor: Mark) -> float:
    """How far a name is from the anchor: what stands before counts less than what follows."""
    if ref.end <= anchor.start:
        return anchor.start - ref.end
    return 10 + 1.5 * max(0, ref.start - anchor.end)


def _syndicates(scenes: Sequence[Scene], at: int) -> Iterator[Unit]:
    """All banks that the sentence names, and those with the ones its neighbours name, where a syndicate is told."""
    scene = scenes[at]
    if "银团" not in scene.page_text:
        return
    near = range(max(0, at - 2), min(len(scenes), at + 4))
    if not any("银团" in scenes[where].told for where in near):
        return
    own = distinct([ref for ref in scene.banks if ref.named])
    if len(own) > 1:
        yield Unit(tuple(own[:GROUP_LIMIT]), at, own[0], "syndicate")
    wide = [
        ref
        for where in near
        if scenes[where].sentence.block.story == scene.sentence.block.story
        and (where == at or _SYNDICATE.search(scenes[where].told) or len(scenes[where].banks) > 2)
        for ref in scenes[where].banks
        if ref.named
    ]
    every = distinct(wide)
    if len(every) > max(1, len(own)):
        yield Unit(tuple(every[:GROUP_LIMIT]), at, every[0], "syndicates")


def _aligned(scene: Scene, amounts: list[Mark]) -> dict[int, tuple[Ref, Ref]]:
    """Lists in one order (分别, 依次): by a sum's start the bank and the firm in its place."""
    if len(amounts) < 2 or not ALIGNED.search(scene.told):
        return {}
    banks, firms = [ref for ref in scene.banks if ref.named], [ref for ref in scene.firms if ref.named]
    count = len(amounts)
    if len(banks) == 1:
        banks *= count
    if len(firms) == 1:
        firms *= count
    if len(banks) != count or len(firms) != count:
        return {}
    return {amounts[i].start: (banks[i], firms[i]) for i in range(count)}

"""From scenes to frames: what may tell a grant (a sum, an instrument, a verb), who may lend and who may borrow there.

A frame is generous: it lists every bank and firm that stands near enough. `extractor/features.py` describes its choices
and `extractor/weighing.py` weighs them against one another and against nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from extractor.case_words import ALIGNED, TRANCHE
from extractor.identity import Firm
from extractor.memory import Ref, Scene
from extractor.recipient import recipient
from extractor.recognisers import Mark
from extractor.restraint import anchors_allowed, may_be_lent

_JOIN = re.compile(r"(?:、|和|与|及|以及|，|联合|携手|\([^)]{0,30}\)|分别|还有|连同)*\Z")
_BANK_JOIN = re.compile(r"(?:、|和|与|及|以及|联合|携手|共同|牵头|组成|任|\([^)]{0,30}\)|，由|，)*\Z")
_SYNDICATE = re.compile(r"银团|牵头|参贷|组团|参与|筹组|成员行|加入|入团|参加|任联合|另外|代理行|安排行")
_BEFORE, _AFTER = 6, 2
_MOST = {"bank": 7, "firm": 9}
_LOOKED_AT = 48
"""Names looked at for a side: a row of a thousand banks says no more of who lends than its nearest."""
_GROUP_LIMIT = 14


@dataclass(slots=True)
class Unit:
    """One possible side of a grant: a name, or several that 、 and 和 join; `at` is the scene it stands in.

    `rank` counts the candidates from the nearest; `how` is near, head, title or syndicate.
    """

    refs: tuple[Ref, ...]
    at: int
    ref: Ref
    rank: int = 0
    how: str = "near"


@dataclass
class Frame:
    """What may tell one grant: its anchor (`amount` where that is a sum) and the candidates for its two sides.

    `aligned` says that both sides stand in the anchor's place of lists in one order; `leads` are the firms that the
    article and the anchor's block name first.
    """

    scenes: Sequence[Scene]
    at: int
    anchor: Mark
    amount: Mark | None
    lenders: list[Unit]
    borrowers: list[Unit]
    aligned: bool = False
    tranche: bool = False
    leads: tuple[Firm | None, Firm | None] = (None, None)

    @property
    def scene(self) -> Scene:
        """The sentence that the anchor stands in."""
        return self.scenes[self.at]

    @cached_property
    def slot(self) -> tuple[tuple[int, int] | None, str]:
        """Where the words before the anchor say to whom money goes, and what stands there."""
        return recipient(self.scene, self.anchor.start, self.anchor.end)

    def between(self, unit: Unit) -> tuple[int, int, int, int]:
        """How many other banks, other firms, sums and lines lie between a candidate and the anchor."""
        low, high = sorted((unit.ref.start, self.anchor.start))
        first, last = sorted((unit.at, self.at))
        banks: set[str | None] = set()
        firms: set[int] = set()
        blocks: set[int] = set()
        sums = 0
        for scene in self.scenes[first : last + 1]:
            banks.update(ref.bank for ref in scene.banks if low < ref.start < high)
            firms.update(id(ref.firm) for ref in scene.firms if low < ref.start < high)
            sums += sum(low < mark.start < high for mark in scene.within("amount"))
            blocks.add(scene.sentence.block.start)
        own = (unit.ref.bank in banks, id(unit.ref.firm) in firms)
        return len(banks) - own[0], len(firms) - own[1], sums, len(blocks) - 1


@dataclass(slots=True)
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


def frames(scenes: Sequence[Scene]) -> Iterator[Frame]:
    """Every frame of an article that has a bank and a firm to choose from, in order."""
    heads = list(_heads(scenes))
    first = next((ref.firm for scene in scenes for ref in scene.firms), None)
    led: dict[int, Firm | None] = {}
    for scene in scenes:
        if scene.firms:
            led.setdefault(scene.sentence.block.start, scene.firms[0].firm)
    for at, scene in enumerate(scenes):
        if not (scene.banks or scene.firms or scene.within("amount") or scene.within("instrument")):
            continue
        anchors = list(_anchors(scenes, at))
        if not anchors:
            continue
        aligned = _aligned(scene, [amount for _, amount in anchors if amount is not None])
        for anchor, amount in anchors:
            if anchor.start in aligned:
                lenders, borrowers = ([Unit((ref,), at, ref)] for ref in aligned[anchor.start])
            else:
                lenders = _candidates(scenes, at, anchor, "bank", heads[at])
                borrowers = _candidates(scenes, at, anchor, "firm", heads[at])
            if lenders and borrowers:
                frame = Frame(scenes, at, anchor, amount, lenders, borrowers, anchor.start in aligned)
                frame.leads = (first, led.get(scene.sentence.block.start))
                frame.tranche = amount is not None and _is_tranche(scene, anchor)
                yield frame


def _heads(scenes: Sequence[Scene]) -> Iterator[tuple[int, int]]:
    """For each scene the last heading with a bank and the last with a firm, -1 for none in its story."""
    bank = firm = -1
    for at, scene in enumerate(scenes):
        if scene.told_new_story:
            bank = firm = -1
        yield bank, firm
        if scene.sentence.block.kind == "heading":
            bank = at if scene.banks else bank
            firm = at if scene.firms else firm


def _is_tranche(scene: Scene, anchor: Mark) -> bool:
    start = max(scene.sentence.start, anchor.start - 8)
    return TRANCHE.search(scene.page_text[start : anchor.start]) is not None


def _anchors(scenes: Sequence[Scene], at: int) -> Iterator[tuple[Mark, Mark | None]]:
    """The sums that may be lent, instruments away from them, and a verb where nothing else tells a grant."""
    scene = scenes[at]
    amounts = [mark for mark in scene.within("amount") if may_be_lent(scenes, at, mark)]
    yield from ((mark, mark) for mark in amounts)
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


def _candidates(scenes: Sequence[Scene], at: int, anchor: Mark, side: str, heads: tuple[int, int]) -> list[Unit]:
    """The banks or firms that stand near an anchor, each once, the nearest first, with those joined to them."""
    units: list[Unit] = []
    seen: set[object] = set()
    for where, ref in islice(_near(scenes, at, anchor, side), _LOOKED_AT):
        if len(units) >= _MOST[side]:
            break
        _add(units, seen, scenes, where, ref, side, "near")
    head = heads[0] if side == "bank" else heads[1]
    if head >= 0:
        for ref in _refs(scenes[head], side)[:1]:
            _add(units, seen, scenes, head, ref, side, "head")
    if side == "firm":
        title = scenes[at].title_firm
        if title is not None and id(title) not in seen:
            ref = Ref(-1, -1, firm=title, named=False)
            units.append(Unit((ref,), -1, ref, how="title"))
    else:
        units += _syndicates(scenes, at)
    for rank, unit in enumerate(units):
        unit.rank = rank
    return units


def _add(
    units: list[Unit], seen: set[object], scenes: Sequence[Scene], where: int, ref: Ref, side: str, how: str
) -> None:
    if _key(ref) in seen:
        return
    seen.add(_key(ref))
    group = _joined(scenes[where], ref, side)
    whole = frozenset(_key(other) for other in group)
    if len(group) > 1 and whole not in seen:
        seen.add(whole)
        units.append(Unit(tuple(group), where, ref, how=how))
    units.append(Unit((ref,), where, ref, how=how))


def _key(ref: Ref) -> object:
    return ref.bank or id(ref.firm)


def _refs(scene: Scene, side: str) -> list[Ref]:
    return scene.banks if side == "bank" else scene.firms


def _near(scenes: Sequence[Scene], at: int, anchor: Mark, side: str) -> Iterator[tuple[int, Ref]]:
    """The names in the anchor's sentence by distance, then in those before it backwards, then in those after it."""
    for ref in sorted(_refs(scenes[at], side), key=lambda ref: _distance(ref, anchor)):
        yield at, ref
    story = scenes[at].sentence.block.story
    for where in range(at - 1, max(-1, at - 1 - _BEFORE), -1):
        if scenes[where].sentence.block.story != story:
            break
        for ref in reversed(_refs(scenes[where], side)):
            yield where, ref
    for where in range(at + 1, min(len(scenes), at + 1 + _AFTER)):
        if scenes[where].sentence.block.story != story:
            break
        for ref in _refs(scenes[where], side):
            yield where, ref


def _distance(ref: Ref, anchor: Mark) -> float:
    """How far a name is from the anchor: what stands before counts less than what follows."""
    if ref.end <= anchor.start:
        return anchor.start - ref.end
    return 10 + 1.5 * max(0, ref.start - anchor.end)


def _joined(scene: Scene, ref: Ref, side: str) -> list[Ref]:
    """`ref` with the names that 、 or 和 ties to it."""
    join = _BANK_JOIN if side == "bank" else _JOIN
    text, refs = scene.page_text, _refs(scene, side)
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
    return _distinct(group) if len(group) <= _GROUP_LIMIT else [ref]


def _distinct(refs: Sequence[Ref]) -> list[Ref]:
    kept: dict[object, Ref] = {}
    for ref in refs:
        kept.setdefault(_key(ref), ref)
    return list(kept.values())


def _syndicates(scenes: Sequence[Scene], at: int) -> Iterator[Unit]:
    """All banks that the sentence names, and those with the ones its neighbours name, where a syndicate is told."""
    scene = scenes[at]
    near = range(max(0, at - 2), min(len(scenes), at + 4))
    if not any("银团" in scenes[where].told for where in near):
        return
    own = _distinct([ref for ref in scene.banks if ref.named])
    if len(own) > 1:
        yield Unit(tuple(own[:_GROUP_LIMIT]), at, own[0], how="syndicate")
    wide = [
        ref
        for where in near
        if scenes[where].sentence.block.story == scene.sentence.block.story
        and (where == at or _SYNDICATE.search(scenes[where].told) or len(scenes[where].banks) > 2)
        for ref in scenes[where].banks
        if ref.named
    ]
    distinct = _distinct(wide)
    if len(distinct) > max(1, len(own)):
        yield Unit(tuple(distinct[:_GROUP_LIMIT]), at, distinct[0], how="syndicates")


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

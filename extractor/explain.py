"""The story of extraction told to people: `extract`'s own way to its events, with everything seen on it kept.

`explain` takes what `extract` takes, comes to the same events, and is as pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Literal

from extractor import assemble
from extractor.confidence import THRESHOLD, confidence, features, learnt
from extractor.explanation import Choice, Explanation, Fate, Made, Reason, Refused, Span, Told, Who
from extractor.extract import Reading, parts, read
from extractor.frames import Proposal, propose
from extractor.identity import Firm
from extractor.lexicon import Lexicon
from extractor.memory import Ref, Scene
from extractor.mentions import Marks, mentions
from extractor.model import Amount
from extractor.page import Page
from extractor.recognisers import Mark
from extractor.restraint import anchors_allowed, is_financing
from extractor.slots import instrument


def explain(*, title: str, text: str, published: date | datetime | None, lexicon: Lexicon) -> Explanation:
    """Read one article as `extract` does, and tell how."""
    whole = Explanation(title, text, published, THRESHOLD)
    for start, part in parts(text):
        reading = read(title, part, published, lexicon)
        if start == 0:
            whole.in_title = list(_in_title(reading))
        if reading.marks is not None:
            whole.worth_reading = True
            _Part(whole, reading, reading.marks, start).tell()
    return whole


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of a text, which begins at `shift`, on its way into the whole explanation."""

    whole: Explanation
    reading: Reading
    marks: Marks
    shift: int

    def tell(self) -> None:
        """Add all that this part tells."""
        scenes = list(self.reading.scenes())
        found = list(_frames(scenes))
        self.whole.spans += sorted([*self._marked(), *self._meant(scenes)], key=lambda span: (span.start, -span.end))
        self.whole.firms += self._firms()
        self.whole.refused += self._refused(scenes, {frame.anchor.start for frame in found})
        self._weigh(found)

    def _marked(self) -> Iterator[Span]:
        every = [*self.marks.names, *(mark for marks in self.marks.rest.values() for mark in marks)]
        yield from (self._span(mark) for mark in every)

    def _meant(self, scenes: Sequence[Scene]) -> Iterator[Span]:
        """Words that stand for a bank or a firm told before (该行, 公司), with whom they mean."""
        named = {mark.start for mark in self.marks.names}
        for ref in (ref for scene in scenes for ref in (*scene.banks, *scene.firms)):
            if not ref.named and ref.start >= 0 and ref.start not in named:
                mark = Mark("the_bank" if ref.bank else "the_firm", ref.start, ref.end, None)
                yield replace(self._span(mark), means=self._bank(ref) if ref.bank else self._firm(ref.firm))

    def _firms(self) -> Iterator[Who]:
        for firm in {id(firm): firm for firm in self.reading.firms.values()}.values():
            name, others = assemble.names(firm, self.reading.page.folded)
            if name is not None:
                yield Who(name, others, firm.count, firm.entry.name if firm.entry else None)

    def _refused(self, scenes: Sequence[Scene], anchors: set[int]) -> Iterator[Refused]:
        """Sums that anchor nothing, and instruments that a balance is told of."""
        for scene in scenes:
            for mark in scene.within("amount"):
                if mark.start not in anchors:
                    yield self._why_not(scene, mark, may=is_financing(scene, mark))
            for mark in scene.within("instrument"):
                if mark.start not in anchors and not anchors_allowed(scene, mark):
                    yield self._why_not(scene, mark, may=False)

    def _why_not(self, scene: Scene, mark: Mark, *, may: bool) -> Refused:
        beside = () if may else tuple(self._span(refusal) for refusal in scene.within("refusal"))
        why: Literal["refusal", "no_cue", "nobody"] = "refusal" if beside else "nobody" if may else "no_cue"
        return Refused(self._span(mark), why, beside)

    def _weigh(self, found: Sequence[_Frame]) -> None:
        """The frames with what became of their choices, and the events made of them."""
        whole, numbers = self.whole, range(len(self.whole.frames) + 1, len(self.whole.frames) + len(found) + 1)
        proposals = [proposal for frame in found for proposal in frame.proposals]
        home = {id(one): number for number, frame in zip(numbers, found, strict=True) for one in frame.proposals}
        drafts = assemble.merge(assemble.drafts(proposals, self.marks))
        fate: dict[int, tuple[Fate, int]] = {}
        for number, draft in enumerate(drafts, len(whole.events) + 1):
            fate |= {id(one): ("joined" if at else "event", number) for at, one in enumerate(draft.proposals)}
            event = assemble.event(draft, self.reading.page.folded)
            event = replace(event, start=event.start + self.shift, end=event.end + self.shift)
            whole.events.append(Made(number, event, tuple(home[id(one)] for one in draft.proposals)))
        for number, frame in zip(numbers, found, strict=True):
            sentence = frame.proposals[0].scene.sentence
            start, end = self.reading.page.folded.origin(sentence.start, sentence.end)
            choices = tuple(self._choice(one, fate.get(id(one))) for one in frame.proposals)
            anchor = self._span(frame.anchor)
            whole.frames.append(Told(number, anchor, start + self.shift, end + self.shift, choices))

    def _choice(self, proposal: Proposal, fate: tuple[Fate, int] | None) -> Choice:
        told = instrument(proposal)
        slug = told.value if told else "loan"
        sure = confidence(proposal, slug)
        missed: Fate = "unlikely" if sure < THRESHOLD else "outvoted"
        if not assemble.may_borrow(proposal.firm.firm):
            missed = "no_borrower"
        known = learnt()
        reasons = [Reason(name, known[name]) for name in set(features(proposal, slug)) if known.get(name)]
        return Choice(
            self._bank(proposal.bank),
            proposal.bank_from,
            self._firm(proposal.firm.firm),
            proposal.firm_from,
            sure,
            tuple(sorted(reasons, key=lambda reason: (-abs(reason.weight), reason.feature))),
            *(fate or (missed, None)),
        )

    def _bank(self, ref: Ref) -> str:
        return f"{ref.bank or ''}{ref.branch or ''}"

    def _firm(self, firm: Firm | None) -> str:
        if firm is None:
            return ""
        return self.reading.name(firm) or self.reading.page.folded.surface(*firm.where)

    def _span(self, mark: Mark) -> Span:
        return _span(self.reading.page, mark, self.shift)


def _in_title(reading: Reading) -> Iterator[Span]:
    """What the title names by itself, and the text's firms in it."""
    head, marks = reading.head, mentions(reading.head).names
    yield from (_span(head, mark, 0) for mark in marks)
    for name in dict.fromkeys(name for firm in reading.firms.values() for name in firm.names):
        at = head.text.find(name)
        if at >= 0 and all(at >= mark.end or mark.start >= at + len(name) for mark in marks):
            yield _span(head, Mark("firm", at, at + len(name), None), 0)


def _span(page: Page, mark: Mark, shift: int) -> Span:
    start, end = page.folded.origin(mark.start, mark.end)
    text = page.folded.surface(mark.start, mark.end)
    return Span(mark.kind, start + shift, end + shift, text, _means(mark))


def _means(mark: Mark) -> str:
    """A mark's value in a few words: a register's name, a resolved date, a slug."""
    if mark.kind == "bank":
        return f"{mark.value.name or ''}{mark.value.branch or ''}"
    if isinstance(mark.value, Amount):
        amount = mark.value
        low, high = (f"{end:,}" if end is not None else "" for end in (amount.min, amount.max))
        return f"{amount.qualifier} {low if low == high else f'{low}–{high}'} {amount.currency}"
    return str(mark.value) if isinstance(mark.value, str | int) else ""


@dataclass(frozen=True, slots=True)
class _Frame:
    """The proposals of one anchor, which stand for one grant at most."""

    anchor: Mark
    proposals: tuple[Proposal, ...]


def _frames(scenes: Sequence[Scene]) -> Iterator[_Frame]:
    for _, group in groupby(propose(scenes), key=lambda proposal: (proposal.anchor.start, proposal.syndicate)):
        proposals = tuple(group)
        yield _Frame(proposals[0].anchor, proposals)

"""The story of extraction told to people: `extract`'s own way to its events, with everything seen on it kept.

`explain` takes what `extract` takes, comes to the same events, and is as pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from extractor import assemble
from extractor.considered import THRESHOLD, Frame, Way, considered, drafts, turned_down
from extractor.explanation import Choice, Explanation, Fate, Made, Refused, Span, Told, Who
from extractor.extract import Reading, parts, read
from extractor.frames import Proposal
from extractor.identity import Firm
from extractor.lexicon import Lexicon
from extractor.mentions import Marks, mentions
from extractor.model import Amount
from extractor.page import Page
from extractor.recognisers import Mark
from extractor.scene import Ref, Scene


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
        found = list(considered(scenes))
        self.whole.spans += sorted([*self._marked(), *self._meant(scenes)], key=lambda span: (span.start, -span.end))
        self.whole.firms += self._firms()
        self.whole.refused += self._refused(scenes, found)
        self._weigh(found)

    def _marked(self) -> Iterator[Span]:
        for mark in self.marks.names:
            firm = self.reading.firms.get(mark.start)
            # a mark without a value is a short name derived from a full one (extractor/identity.py)
            span = self._span(mark._replace(kind="short_firm") if mark.kind == "firm" and not mark.value else mark)
            yield replace(span, means=self._firm(firm)) if firm else span
        yield from (self._span(mark) for marks in self.marks.rest.values() for mark in marks)

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

    def _refused(self, scenes: Sequence[Scene], found: Sequence[Frame]) -> Iterator[Refused]:
        for scene, mark, may in turned_down(scenes, frozenset(frame.anchor.start for frame in found)):
            beside = () if may else tuple(self._span(refusal) for refusal in scene.within("refusal"))
            why: Literal["refusal", "no_cue", "nobody"] = "refusal" if beside else "nobody" if may else "no_cue"
            yield Refused(self._span(mark), why, beside)

    def _weigh(self, found: Sequence[Frame]) -> None:
        """The events, and the frames with what became of their readings."""
        whole, first = self.whole, len(self.whole.frames) + 1
        made: dict[tuple[int, int], list[tuple[Fate, int]]] = {}
        for number, draft in enumerate(drafts(found), len(whole.events) + 1):
            tellings = [_telling(found, proposal) for proposal in draft.proposals]
            for place, telling in enumerate(tellings):
                made.setdefault(telling, []).append(("joined" if place else "event", number))
            event = assemble.event(draft, self.reading.page.folded).moved(self.shift)
            whole.events.append(Made(number, event, tuple(frame + first for frame, _ in tellings)))
        for at, frame in enumerate(found):
            sentence = frame.scene.sentence
            start, end = self.reading.page.folded.origin(sentence.start, sentence.end)
            choices = tuple(self._choice(way, made.get((at, place), ())) for place, way in enumerate(frame.ways))
            span = (start + self.shift, end + self.shift)
            whole.frames.append(Told(first + at, self._span(frame.anchor), *span, choices))

    def _choice(self, way: Way, made: Sequence[tuple[Fate, int]]) -> Choice:
        return Choice(
            "、".join(map(self._bank, way.banks)),
            way.bank_from,
            "、".join(self._firm(ref.firm) for ref in way.firms),
            way.firm_from,
            way.sure,
            tuple(sorted(way.reasons, key=lambda reason: (-abs(reason.weight), reason.feature))),
            min((fate for fate, _ in made), default=way.missed),
            tuple(number for _, number in made),
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


def _telling(frames: Sequence[Frame], proposal: Proposal) -> tuple[int, int]:
    """The places of the frame and of its reading that a proposal comes from."""
    ways = ((at, frame.way_of(proposal)) for at, frame in enumerate(frames))
    return next((at, way) for at, way in ways if way is not None)

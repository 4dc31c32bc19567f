"""The story of figures: a page's sentences -> tokens -> figures -> who tells them, of when -> indicators."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from math import prod
from operator import attrgetter

from core import regions
from extractor.data import numbers as factors
from extractor.indicators import figures, measures
from extractor.indicators.dates import When, dates, settled
from extractor.indicators.measures import Figure
from extractor.indicators.model import Change, Indicator
from extractor.indicators.numbers import numbers
from extractor.indicators.owners import Owner, Owners
from extractor.indicators.places import places
from extractor.indicators.words import Token, may_tell, words
from extractor.mentions import Marks
from extractor.page import Page
from extractor.recognisers.amounts import Amounts
from extractor.recognisers.dates import Dates
from extractor.scene import Scene, shared_out
from extractor.sentences import Sentence
from extractor.stories import Block

_NUMBER = re.compile(r"[0-9成倍番万]")
_LONE = re.compile(r"(?:该|本|我|这家|上述)?(?:银行|分行|支行|营业部|行)")
LEAST = 0.5  # confidence from which a figure is kept, as of events
_LONGEST = 200  # characters of a quote
_FLOWS = frozenset(["granted", "loans", "first_borrowers"])
_START = attrgetter("start")
_TOLD_OF = frozenset(["bank", "place", "country", "area", "all0", "all1", "all2", "all3", "all4"])


def of_scenes(page: Page, scenes: Iterable[Scene]) -> tuple[Indicator, ...]:
    """The figures of an article that was read for events: its marks are there."""
    return _read(page, scenes)


def of_page(page: Page) -> tuple[Indicator, ...]:
    """The figures of an article that the first look put aside: no bank stands near money there, yet a region may."""
    return _read(page, _opened(page))


def _banks(scene: Scene) -> list[Token]:
    """The banks of a sentence, each with its branch."""
    return [
        Token("bank", ref.start, ref.end, (ref.bank, ref.branch))
        for ref in scene.banks
        if ref.named or _is_somewhere(scene.page_text[ref.start : ref.end])
    ]


def _is_somewhere(told: str) -> bool:
    """Whether what stands for a bank may be trusted: 该行, 这家分行, 石家庄分行; not 挂上科技支行的牌子."""
    return _LONE.fullmatch(told) is not None or regions.within(told) is not None


def _opened(page: Page) -> Iterator[Scene]:
    """The sentences with their sums and dates alone, which are found when the first is asked for."""
    found = {"amount": Amounts().find(page), "date": Dates().find(page)}
    marks = Marks((), {kind: tuple(told) for kind, told in found.items()})
    for sentence, own in zip(page.sentences, shared_out(marks, page.sentences), strict=True):
        yield Scene(sentence, page, page.text, [], [], marks, own)


def _read(page: Page, scenes: Iterable[Scene]) -> tuple[Indicator, ...]:
    """The figures of a page, if a class of firms is among its words that a figure may be of; none is kept of -."""
    told = words(page) if may_tell(page.text) else ()
    classes = [token.start for token in told if token.kind == "subject" and token.value != "-"]
    if not classes:
        return ()
    reader = _Reader(page, told, classes)
    for scene in scenes:
        reader.read(scene)
    return tuple(_once(reader.found))


class _Reader:
    """Reads a page's sentences in order; what a sentence leaves unsaid leans on those before it in its block."""

    def __init__(self, page: Page, told: Sequence[Token], classes: Sequence[int]) -> None:
        self.page, self.text, self.told = page, page.text, told
        self.starts, self.classes = [token.start for token in told], classes
        self.owners = Owners(page)
        self.block: Block | None = None
        self.tells = False
        self.found: list[Indicator] = []
        self.subject: Token | None = None
        self.when: When | None = None
        self.kind: str | None = None
        self.money: Token | None = None

    def read(self, scene: Scene) -> None:
        """Find the figures of one sentence."""
        sentence = scene.sentence
        if sentence.block is not self.block:
            self._begin(sentence.block)
        if not (self.tells or scene.banks):
            return
        told: Sequence[Token] = ()
        if self.tells:
            told = self.told[bisect_left(self.starts, sentence.start) : bisect_left(self.starts, sentence.end)]
        banks = _banks(scene) if scene.banks else []
        if self._may_count(told, banks, sentence):
            told = self._count(scene, told, banks)
        if banks:
            self.owners.hear(banks[-1], sentence.block)
        self._remember(told)

    def _begin(self, block: Block) -> None:
        """A block begins, which leans on none before it, and tells a figure only of a class that it names itself."""
        self.block, self.subject, self.when = block, None, None
        self.kind, self.money = None, None
        self.tells = bisect_left(self.classes, block.start) < bisect_left(self.classes, block.end)
        self.owners.begin(block.story)

    def _count(self, scene: Scene, told: Sequence[Token], banks: Sequence[Token]) -> Sequence[Token]:
        """Find the figures of a sentence that may tell some; all that they were read from."""
        counted = numbers(self.text, scene.sentence.start, scene.sentence.end, scene.within("amount"))
        tokens = self._tokens(scene, counted, banks, told)
        if not counted:
            return tokens  # there is no figure without a number
        figured = figures.Sentence(self.text, self.subject, self.kind, self.money).read(tokens)
        made = [self._indicator(figure, tokens, scene.sentence.block) for figure in figured]
        self.found += (one for one in made if one is not None)
        for figure in figured:
            if figure.kind in measures.MONEY:
                self.kind, self.money = figure.kind, figure.subject
        return tokens

    def _may_count(self, told: Sequence[Token], banks: Sequence[Token], sentence: Sentence) -> bool:
        """Whether a sentence may tell a figure: it has a class or leans on one, a measure or class, and a number."""
        kinds = [token.kind for token in told]
        if "subject" not in kinds and (self.subject is None or not ("measure" in kinds or (self.kind and banks))):
            return False
        return _NUMBER.search(self.text, sentence.start, sentence.end) is not None

    def _remember(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            if token.kind == "subject":
                self.subject = token
            elif token.kind == "date":
                self.when = token.value

    def _tokens(
        self, scene: Scene, counted: Sequence[Token], banks: Sequence[Token], told: Sequence[Token]
    ) -> list[Token]:
        """All that a sentence's figures are read from, without overlaps: numbers before dates, names, words, places."""
        start, end = scene.sentence.start, scene.sentence.end
        firms = [Token("firm", ref.start, ref.end, None) for ref in scene.firms if ref.named]
        kinds: tuple[Iterable[Token], ...] = (
            counted,
            dates(self.text, start, end, scene.within("date"), self.page.published),
            [*banks, *firms],
            told,
            places(self.text, start, end) if counted else (),
        )
        kept: list[Token] = []
        taken: set[int] = set()
        for tokens in kinds:
            fresh = [token for token in tokens if taken.isdisjoint(range(token.start, token.end))]
            for token in fresh:
                taken.update(range(token.start, token.end))
            kept += fresh
        return sorted(kept, key=_START)

    def _indicator(self, figure: Figure, tokens: Sequence[Token], block: Block) -> Indicator | None:
        if figure.subject.value == "-" or figure.kind == "-" or self._is_of_one(figure, tokens):
            return None
        first = min(part.start for part in figure.parts)
        owner = self.owners.of(tokens, first, figure.parts[-1].start, block)
        when, elsewhere = self._when(figure, tokens)
        flow = figure.kind in _FLOWS
        end = figure.end
        summed = any(t.kind == "cumulative" or "累" in self.text[t.start : t.end] for t in tokens if t.end <= end)
        if (flow and not (summed or when)) or owner is None:
            return None
        doubts = figure.doubts | {"always", *([owner.doubt] if owner.doubt else [])}
        doubts |= {"date_untold"} if when is None else {"date_elsewhere"} if elsewhere else set()
        doubts |= set() if figure.number else {"no_value"}
        sure = prod(factors("indicator_doubts", "doubt", "factor")[doubt] for doubt in sorted(doubts))
        if sure < LEAST:
            return None
        told, as_of, period = settled(when, flow=flow, summed=summed)
        return self._made(figure, owner, tokens, (told, as_of, period), round(sure, 3))

    def _is_of_one(self, figure: Figure, tokens: Sequence[Token]) -> bool:
        """Whether money went to a firm that the sentence names: an event, and no figure of a class."""
        if figure.kind not in ("granted", "credit_line", "loans") and "measure_implied" not in figure.doubts:
            return False
        end = figure.end
        return any(token.kind == "firm" and token.start < end for token in tokens)

    def _when(self, figure: Figure, tokens: Sequence[Token]) -> tuple[When | None, bool]:
        """The date of a figure: the last before its number; else the first after it in brackets; else its block's."""
        at = figure.parts[-1].start if figure.number is None else figure.parts[-1].end
        before = [token for token in tokens if token.kind == "date" and token.start < at]
        if before:
            return before[-1].value, False
        behind = next((t for t in tokens if t.kind == "date" and figure.end <= t.start <= figure.end + 4), None)
        if behind and self.text[figure.end : behind.start].startswith("("):
            return behind.value, False
        return self.when, True

    def _made(
        self,
        figure: Figure,
        owner: Owner,
        tokens: Sequence[Token],
        when: tuple[str | None, date | None, str],
        sure: float,
    ) -> Indicator:
        start, end = self._span(figure, tokens)
        first, last = self.page.folded.origin(start, end)
        subject, _, name = str(figure.subject.value).partition(":")
        number = figure.number
        unit = number.unit if number else "count" if figure.kind in measures.HEADS else "CNY"
        return Indicator(
            kind=figure.kind,
            subject=subject,
            subject_text=name or self.text[figure.subject.start : figure.subject.end],
            bank=owner.bank,
            branch=owner.branch,
            region=owner.region,
            unit=unit,
            value=number.value if number else None,
            qualifier=number.qualifier if number else None,
            date=when[0],
            as_of=when[1],
            period=when[2],
            growth=figure.growth,
            increment=figure.increment,
            quote=self.page.folded.original[first:last],
            start=first,
            end=last,
            confidence=sure,
        )

    def _span(self, figure: Figure, tokens: Sequence[Token]) -> tuple[int, int]:
        """From the first that says whose, of when and of what, to the last number; shorter where that is too long."""
        end = figure.end
        told = [t.start for t in tokens if t.end <= end and (t.kind in _TOLD_OF or t.kind == "date")]
        own = min(part.start for part in figure.parts)
        start = min([own, *told])
        return (start if end - start <= _LONGEST else own), end


def _once(found: Iterable[Indicator]) -> Iterator[Indicator]:
    """Each figure once, with what any of its tellings in the article says of its change."""
    kept: dict[tuple[object, ...], Indicator] = {}
    for one in found:
        key = (one.kind, one.subject, _name(one), one.bank, one.branch, one.region, one.value, one.date, one.period)
        known = kept.get(key)
        kept[key] = one if known is None else _joined(known, one)
    yield from kept.values()


def _name(one: Indicator) -> str:
    return one.subject_text if one.subject == "programme" else ""


def _joined(known: Indicator, one: Indicator) -> Indicator:
    return replace(known, growth=_either(known.growth, one.growth), increment=_either(known.increment, one.increment))


def _either(known: Change | None, other: Change | None) -> Change | None:
    return known or other

"""Which instrument a proposal tells: every instrument and collateral around its anchor is weighed against the others.

The rule of GUIDELINES.md (`slots.py`: the first of its order that is told) is one voice among the features; where a
word stands, what it stands beside and what else is told there are others. The weights are learnt from the gold
(`train/instruments.py`) and stand in `data/instrument_weights.csv`; a feature that is not there weighs nothing.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import NamedTuple

from extractor import slots
from extractor.data import numbers
from extractor.features import Weights, names
from extractor.features.facts import Fact
from extractor.frames import Proposal
from extractor.recognisers import Mark
from extractor.scene import Ref
from extractor.sentences import Sentence

Names = tuple[str, ...]
_BACK, _AHEAD = 2, 1
"""Sentences looked at before and after the anchor's, in its story."""
_REACH = 300
"""Characters looked at on either side of the anchor, so that a sentence of any length takes linear time."""
_LAST = len(slots.ORDER)
_SOURCES = (("instrument", "i"), ("collateral", "c"))
_START = attrgetter("start")
_NEGATED = re.compile(r"不|无|没|未|非")
_LISTED = re.compile(r"[、和等或及]")


class Option(NamedTuple):
    """An instrument that may be meant, the mark that tells it (None: by no word), and what speaks for and against."""

    slug: str
    mark: Mark | None
    facts: Sequence[Fact]

    @property
    def features(self) -> tuple[str, ...]:
        """The names of what speaks for and against it."""
        return tuple(names((self.facts, ())))


class _Told(NamedTuple):
    """A word that tells an instrument: `source` is i(nstrument) or c(ollateral), `step` sentences from the anchor's,
    `clause` the one it stands in, `plain` whether its `slug` says little (see `_plain`)."""

    mark: Mark
    source: str
    step: int
    sentence: Sentence
    slug: str
    plain: str
    clause: int


@cache
def learnt() -> Weights:
    """The weights of the shipped model."""
    return Weights(numbers("instrument_weights", "feature", "weight"))


@dataclass(frozen=True, slots=True)
class Chosen:
    """An instrument, the word that tells it best (None: no word at all), and how likely it is."""

    slug: str
    mark: Mark | None
    sure: float


def choose(proposal: Proposal, known: Mapping[str, float] | None = None) -> Chosen:
    """The likeliest instrument."""
    weights = learnt() if known is None else Weights(known)
    found = options(proposal)
    scores = [weights.of((option.facts, ())) for option in found]
    top = max(scores)
    likely: dict[str, float] = {}
    for option, score in zip(found, scores, strict=True):
        likely[option.slug] = likely.get(option.slug, 0.0) + math.exp(score - top)
    slug = max(likely, key=likely.__getitem__)
    if slug == "advisory_service":
        slug = _lent_beside(proposal, found, likely) or slug
    best = max([place for place, option in enumerate(found) if option.slug == slug], key=scores.__getitem__)
    return Chosen(slug, found[best].mark, likely[slug] / sum(likely.values()))


def _lent_beside(proposal: Proposal, found: Sequence[Option], likely: Mapping[str, float]) -> str | None:
    """What is lent in the very sentence that also tells of a service package: that is told where no money is.

    GUIDELINES.md says so. A word of lending as such (融资) does not count: packages promise it to everybody.
    """
    sentence = proposal.scene.sentence
    weak = slots.SERVICES_BESIDE | {"advisory_service"}
    here = {
        option.slug
        for option in found
        if option.mark is not None
        and option.slug not in weak
        and proposal.anchor.start - _REACH <= option.mark.start
        and sentence.start <= option.mark.start < sentence.end
    }
    return max(sorted(here), key=lambda slug: likely[slug], default=None)


def options(proposal: Proposal) -> list[Option]:
    """What may be told, in the order of the text; then the article's topic, own shares bought, and a bare loan."""
    told = _told(proposal)
    ruled = slots.instrument(proposal)
    slug, _ = slots.refined(proposal, ruled)
    view = _View(proposal, told, slug, ruled)
    out = [Option(one.slug, one.mark, view.of(one)) for one in told]
    bare: list[tuple[str, Mark | None, str]] = []
    if proposal.scene.topic is not None:
        bare.append((proposal.scene.topic.value, proposal.scene.topic, "t"))
    if slots.buys_own_shares(proposal):
        bare.append(("buyback_loan", ruled, "o"))
    bare.append(("loan", None, "n"))
    return out + [Option(kind, at, view.of_bare(kind, source, len(bare))) for kind, at, source in bare]


def _told(proposal: Proposal) -> list[_Told]:
    scene = proposal.scene
    every, marks = scene.page.sentences, scene.marks
    at = bisect_left(every, scene.sentence.start, key=_START)
    first, last = proposal.anchor.start - _REACH, proposal.anchor.end + _REACH
    near = [(source, marks.within(kind, first, last)) for kind, source in _SOURCES if kind in marks.rest]
    told = []
    for step in range(max(-_BACK, -at), min(_AHEAD, len(every) - 1 - at) + 1):
        sentence = every[at + step]
        if sentence.block.story != scene.sentence.block.story:
            continue
        for source, around in near:
            for mark in around:
                if sentence.start <= mark.start < sentence.end:
                    slug, clause = str(mark.value), sentence.clause(mark.start)
                    told.append(_Told(mark, source, step, sentence, slug, _plain(slug), clause))
    return told


class _View:
    """A proposal's part of the text as its options are seen there."""

    def __init__(self, proposal: Proposal, told: Sequence[_Told], ruled: str, named: Mark | None) -> None:
        self._scene, self._anchor = proposal.scene, proposal.anchor
        self._ruled, self._named = ruled, None if named is None else named.value
        self._span = start, end = proposal.span
        self._clause = self._scene.sentence.clause(self._anchor.start)
        self._slugs = [one.slug for one in told]
        self._here = [one for one in told if one.step == 0]
        self._special = sum([one.plain == "s" for one in self._here])
        self._firsts = (
            _first(self._here),
            _first([one for one in self._here if one.clause == self._clause]),
            _first([one for one in self._here if start <= one.mark.start < end + slots.REACH]),
        )

    def of(self, one: _Told) -> list[Fact]:
        """What speaks for and against a word."""
        around = self._in_sentence(one) if one.step == 0 else self._elsewhere(one)
        return [self._general(one.slug, one.source), self._place(one), *self._beside(one), *around]

    def of_bare(self, slug: str, source: str, count: int) -> list[Fact]:
        """What speaks for and against an instrument that no word of the text around tells."""
        beside = (_barely, source, min(self._special, 2), min(len(self._here) + count, 3))
        return [self._general(slug, source), beside]

    def _general(self, slug: str, source: str) -> Fact:
        ruled, named = slug == self._ruled, slug == self._named
        return _generally, slug, source, ruled, named, min(self._slugs.count(slug), 3), self._anchor.kind

    def _place(self, one: _Told) -> Fact:
        clauses, side = 0, ""
        if one.step == 0:
            clauses, side = max(-4, min(4, one.clause - self._clause)), self._side(one.mark)
        return _placed, one.step, clauses, side, one.plain, one.source, self._anchor.kind

    def _side(self, mark: Mark) -> str:
        return "=" if mark.start == self._anchor.start else "<" if mark.start < self._anchor.start else ">"

    def _beside(self, one: _Told) -> tuple[Fact, Fact]:
        text, mark, sentence = self._scene.page_text, one.mark, one.sentence
        before = text[max(sentence.start, mark.start - 2) : mark.start]
        after = text[mark.end : min(sentence.end, mark.end + 2)]
        negated = _NEGATED.search(text, max(sentence.start, mark.start - 4), mark.start) is not None
        return (_behind, before, negated, one.source), (_ahead, after)

    def _in_sentence(self, one: _Told) -> tuple[Fact, ...]:
        mark, anchor, scene = one.mark, self._anchor, self._scene
        side, plain = "<" if mark.start < anchor.start else ">", one.plain
        low, high = (mark.end, anchor.start) if side == "<" else (anchor.end, mark.start)
        gap = max(0, high - low)
        direct = one.slug if side == ">" and gap <= 3 and mark.start != anchor.start else None
        sums = min(len(scene.marks.within("amount", low, high)), 2)
        banks, firms = min(_between(scene.banks, low, high), 2), min(_between(scene.firms, low, high), 2)
        first = tuple([slots.RANK[one.slug] == rank for rank in self._firsts])
        spanned = self._span[0] <= mark.start < self._span[1]
        return (
            (_apart, side, min(gap // 3, 8), plain, one.source, direct),
            (_passed, side, sums, banks, firms, plain),
            (_among, first, one.source, spanned, min(self._special, 3), plain),
        )

    def _elsewhere(self, one: _Told) -> tuple[Fact]:
        same = one.sentence.block is self._scene.sentence.block
        low, high = sorted((one.mark.start, self._anchor.start))
        sums = min(len(self._scene.marks.within("amount", low, high)), 3)
        return ((_away, same, self._special == 0, sums, one.step, one.plain),)


def _first(told: Sequence[_Told]) -> int:
    return min([slots.RANK[one.slug] for one in told], default=_LAST)


def _generally(slug: str, source: str, ruled: bool, named: bool, count: int, kind: str) -> Names:
    plain = _plain(slug)
    names = (
        source,
        f"{source}|{slug}",
        f"{plain}|{source}",
        f"rule={ruled}",
        f"rule={ruled}|{source}|{plain}",
        f"named={named}|{source}",
        f"count={count}|{plain}",
        f"slug={slug}|{kind}",
    )
    return (*names, f"ruled={slug}") if ruled else names


def _barely(source: str, special: int, every: int) -> Names:
    return f"{source}:special={special}", f"{source}:any={every}"


def _placed(step: int, clauses: int, side: str, plain: str, source: str, kind: str) -> Names:
    at = str(step) if step else f"0:{clauses}{side}"
    return f"at={at}|{source}", f"at={at}|{plain}|{source}", f"at={at}|{source}|{kind}"


def _behind(before: str, negated: bool, source: str) -> Names:
    return (f"before={before[-1:]}", f"before2={before}", *([f"negated|{source}"] if negated else ()))


def _ahead(after: str) -> Names:
    return (f"after={after[:1]}", f"after2={after}", *(["listed"] if _LISTED.match(after) else ()))


def _apart(side: str, gap: int, plain: str, source: str, direct: str | None) -> Names:
    names = (f"gap={side}{gap}|{plain}", f"gap={side}{gap}|{source}")
    return names if direct is None else (*names, f"direct|{plain}", f"direct|{direct}")


def _passed(side: str, sums: int, banks: int, firms: int, plain: str) -> Names:
    return f"sums={side}{sums}|{plain}", f"names={side}b{banks}f{firms}|{plain}"


def _among(first: tuple[bool, ...], source: str, spanned: bool, rivals: int, plain: str) -> Names:
    told = "".join(str(int(one)) for one in first)
    return f"first={told}|{source}", f"span={spanned}|{plain}", f"rivals={rivals}|{plain}"


def _away(same: bool, alone: bool, sums: int, step: int, plain: str) -> Names:
    return f"block={same}|{step}|{plain}", f"alone={alone}|{step}|{plain}", f"sums={sums}|{step}|{plain}"


def _between(refs: Sequence[Ref], low: int, high: int) -> int:
    """How many names begin in a span."""
    return bisect_left(refs, high, key=_START) - bisect_left(refs, low, key=_START) if refs else 0


def _plain(slug: str) -> str:
    """p for an instrument that says little (a loan, a line), s for a special one."""
    return "p" if slug in slots.PLAIN else "s"

"""Everything that may be a firm's name on a page, and what speaks for and against each: evidence for the judge.

A candidate is a span that some recogniser or the tagger proposes; candidates may overlap. Evidence is a set of named
facts about its form, its neighbours, its rivals for the same signs, and the other places of the same string.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

import rjieba

from core.register import FirmEntry
from extractor.data import table, word_set, words
from extractor.jieba_words import is_word, tag_of
from extractor.name_forms import bucket, form_of
from extractor.page import Page
from extractor.recognisers import Mark
from extractor.recognisers.base import BrandHit

FIRM_KINDS = ("firm", "short_firm", "brand", "tagged")
_LONGEST = 80  # characters of a bank's or an undisclosed firm's mark at most
_NEARBY = 40  # candidates looked at on either side for rivals, so that a page of nothing but names stays linear


@dataclass(slots=True)
class Candidate:
    """A span that may name a firm: what proposed it, and how probable the tagger finds it (0 where it does not)."""

    start: int
    end: int
    text: str
    marks: list[Mark] = field(default_factory=list)
    tagged: float = 0.0

    @property
    def sources(self) -> tuple[str, ...]:
        """What proposed it: the kind of name and how it was told."""
        return tuple(dict.fromkeys(source(mark) for mark in self.marks))

    @property
    def is_told(self) -> bool:
        """Whether a rule proposes it, not the tagger or a list alone."""
        return any(source(mark) != "brand:listed" for mark in self.marks)

    def best(self) -> Mark | None:
        """The mark that tells most: a firm's before a short name's before a brand's, a full one first."""
        return min(
            self.marks, key=lambda m: (FIRM_KINDS.index(m.kind), getattr(m.value, "form", "") != "full"), default=None
        )


def source(mark: Mark) -> str:
    """A recogniser's name and form in one word."""
    return f"{mark.kind}:{getattr(mark.value, 'form', '')}"


def gather(page: Page, marks: Iterable[Mark]) -> list[Candidate]:
    """The candidates among the marks of a page, in order."""
    found: dict[tuple[int, int], Candidate] = {}
    for mark in marks:
        span = (mark.start, mark.end)
        candidate = found.get(span)
        if candidate is None:
            candidate = found[span] = Candidate(*span, page.text[mark.start : mark.end])
        if mark.kind == "tagged":
            candidate.tagged = mark.value
        else:
            candidate.marks.append(mark)
    for start, end in _listed(page.text, found):
        if (start, end) not in found:
            guess = Mark("brand", start, end, BrandHit("listed"))
            found[start, end] = Candidate(start, end, page.text[start:end], [guess])
    return [found[span] for span in sorted(found)]


_NEXT = re.compile(r"(?:、|和|与|及|以及)(?P<name>[一-龥A-Za-z0-9*]{2,8}?)(?=[、，。；：()“”\n]|[和与及等]|在内|\Z)")
_LAST = re.compile(
    r"(?:\A|[、，。；：()“”\n]|包括|以及|[为给向对与和及])(?P<name>[一-龥A-Za-z0-9*]{2,8}?)(?:、|和|与|及|以及)\Z"
)


def _listed(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What stands in one list with a candidate, on either side and further on: 梦百合、四川长虹和富创精密."""
    known = set(spans)
    for start, end in sorted(known):
        while (following := _NEXT.match(text, end)) and following.span("name") not in known:
            end = following.end()
            known.add(following.span("name"))
            yield following.span("name")
        while before := _LAST.search(text[max(0, start - 12) : start]):
            end = max(0, start - 12) + before.end("name")
            start = max(0, start - 12) + before.start("name")
            if (start, end) in known:
                break
            known.add((start, end))
            yield start, end


def evidence(page: Page, candidates: Sequence[Candidate], others: Sequence[Mark]) -> list[list[str]]:
    """What is known of each candidate, by name; `others` are the page's banks and undisclosed firms."""
    places = _Places(candidates, page)
    facts = [list(_of_itself(c, page)) for c in candidates]
    starts = [mark.start for mark in others]
    for index, candidate in enumerate(candidates):
        facts[index] += _beside(candidate, page)
        facts[index] += _rivals(index, candidates)
        facts[index] += _neighbours(index, candidates, page.text)
        facts[index] += places.elsewhere(candidate)
        around = bisect_left(starts, candidate.start - _LONGEST), bisect_left(starts, candidate.end)
        facts[index] += _others(candidate, others[slice(*around)])
    return facts


def _of_itself(c: Candidate, page: Page) -> Iterator[str]:
    yield "always"
    form = form_of(c.text)
    yield f"form:{form}"
    for told in c.sources:
        yield f"from:{told}"
        yield f"from:{told}:{form}"
    yield f"sources:{min(len(c.sources), 3)}"
    tag = bucket(c.tagged)
    yield f"tag:{tag}"
    yield f"tag:{tag}:{form}"
    yield f"tag:{tag}:{'+'.join(sorted({m.kind for m in c.marks})) or 'alone'}"
    yield f"edge:{page.is_edge(c.start)}:{page.is_edge(c.end)}"
    yield from _made_of(c.text)
    entry = page.lexicon.entry(c.text)
    if isinstance(entry, FirmEntry):
        yield f"listed:{min(len(c.text), 4)}"
        yield f"listed:{tag}"


@lru_cache(maxsize=20_000)
def _made_of(name: str) -> tuple[str, ...]:
    """jieba's words of a name: how many are everyday ones, the tags of the first and the last, generic ones."""
    tagged = [(word, tag) for word, tag in rjieba.tag(name)][:8]
    if not tagged:
        return ()
    places = table("places", "name", "kind")
    everyday = sum(_is_everyday(word, tag) for word, tag in tagged)
    facts = [
        f"everyday:{min(everyday, 3)}of{min(len(tagged), 4)}",
        f"first:{tagged[0][1]}",
        f"last:{tagged[-1][1]}",
    ]
    facts.append(f"head:{tagged[0][0]}")
    facts.append(f"tail:{tagged[-1][0]}")
    facts.append(f"place:{tagged[0][0] in places}:{name in places}")
    if tagged[0][0] in word_set("name_stops"):
        facts.append("begins with a stop")
    if any(word in word_set("name_stops") for word, _ in tagged[1:]):
        facts.append("holds a stop")
    if name in word_set("generic_brands") or tagged[0][0] in word_set("generic_brands"):
        facts.append("generic")
    facts += [f"holds:{part}" for part in words("no_brands") if part in name]
    facts += [f"holds:{part}" for part in words("no_borrowers") if part in name]
    facts.append(f"begins:{name[0]}")
    return tuple(facts)


@lru_cache(maxsize=20_000)
def _is_plain(name: str) -> bool:
    """Whether a name is made of everyday words alone (飞行汽车), or is a person's."""
    tagged = list(rjieba.tag(name))
    return all(_is_everyday(word, tag) for word, tag in tagged) or (len(tagged) == 1 and tagged[0][1] == "nr")


def _is_everyday(word: str, tag: str) -> bool:
    return len(word) > 1 and is_word(word) and tag[0] in "nvadlibtz" and tag not in _NAMELY


_NAMELY = ("nz", "nr", "nt", "nrt", "ns", "nrfg")


def _beside(c: Candidate, page: Page) -> Iterator[str]:
    """The signs and words before and after."""
    text = page.text
    before, after = text[max(0, c.start - 2) : c.start], text[c.end : c.end + 2]
    yield f"before:{before[-1:]}"
    yield f"before:{before}"
    yield f"after:{after[:1]}"
    yield f"after:{after}"
    yield f"between:{before[-1:]}:{after[:1]}"
    last, following = page.word_before(c.start), page.word_after(c.end)
    yield f"word before:{last}"
    yield f"word after:{following}"
    yield f"tag before:{tag_of(last)}"
    yield f"tag after:{tag_of(following)}"


def _rivals(index: int, candidates: Sequence[Candidate]) -> Iterator[str]:
    """Candidates that claim some of the same signs."""
    mine = candidates[index]
    best: dict[str, float] = {}
    for other in _overlapping(index, candidates):
        how = _relation(other, mine)
        best[how] = max(best.get(how, 0.0), other.tagged)
        for told in other.sources:
            yield f"rival:{how}:{told}"
    for how, probability in best.items():
        yield f"rival:{how}:{bucket(probability)}"
        yield f"rival:{how}:{bucket(probability)}:{bucket(mine.tagged)}"
    if not best:
        yield "no rival"


def _overlapping(index: int, candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    mine = candidates[index]
    for other in islice(reversed(candidates[max(0, index - _NEARBY) : index]), _NEARBY):
        if other.end > mine.start:
            yield other
    for other in islice(candidates, index + 1, index + 1 + _NEARBY):
        if other.start >= mine.end:
            break
        yield other


def _relation(other: Candidate | Mark, mine: Candidate) -> str:
    """How another span lies to mine."""
    if other.start <= mine.start and other.end >= mine.end:
        return "same" if (other.start, other.end) == (mine.start, mine.end) else "around"
    if other.start >= mine.start and other.end <= mine.end:
        return "head" if other.start == mine.start else "tail" if other.end == mine.end else "inside"
    return "across"


_AND = re.compile(r"、|和|与|及|以及")


def _neighbours(index: int, candidates: Sequence[Candidate], text: str) -> Iterator[str]:
    """What stands beside it in a list: the likeliest candidate on either side."""
    mine = candidates[index]
    last = [c for c in candidates[max(0, index - 8) : index] if _AND.fullmatch(text[c.end : mine.start])]
    following = [c for c in candidates[index + 1 : index + 9] if _AND.fullmatch(text[mine.end : c.start])]
    for side, beside in (("last", last), ("next", following)):
        if beside:
            yield f"listed {side}:{bucket(max(c.tagged for c in beside))}"
            yield f"listed {side}:{'+'.join(sorted({m.kind for c in beside for m in c.marks}))}"


def _others(c: Candidate, others: Sequence[Mark]) -> Iterator[str]:
    """Banks and undisclosed firms on the same signs."""
    for mark in others:
        if mark.end > c.start:
            yield f"{mark.kind}:{_relation(mark, c)}"


class _Places:
    """The other places of each string: how often it stands there, and what was said of it there."""

    def __init__(self, candidates: Sequence[Candidate], page: Page) -> None:
        self.told: dict[str, list[Candidate]] = {}
        for candidate in candidates:
            self.told.setdefault(candidate.text, []).append(candidate)
        self.counts = {name: page.text.count(name) for name in self.told}
        self.title = page.title
        self.full = [name for name in self.told if form_of(name) == "full"][:200]

    def elsewhere(self, c: Candidate) -> Iterator[str]:
        mine = self.told[c.text][:_NEARBY]
        yield f"told:{min(self.counts[c.text], 4)}"
        share = bucket(sum(other.tagged for other in mine) / max(self.counts[c.text], 1))
        yield f"share:{share}:{form_of(c.text)}"
        yield f"share:{share}:{self.counts[c.text] > 2}"
        if _is_plain(c.text):
            yield f"plain:{share}"
        yield f"marked:{min(len(mine), 3)}of{min(self.counts[c.text], 3)}"
        best = max((other.tagged for other in mine if other is not c), default=0.0)
        yield f"elsewhere:{bucket(best)}"
        yield f"elsewhere:{bucket(best)}:{bucket(c.tagged)}"
        for told in {told for other in mine if other is not c for told in other.sources}:
            yield f"elsewhere:{told}"
        if self.title and c.text in self.title:
            yield "in the title"
        if any(c.text in name and name != c.text for name in self.full):
            yield "part of a full name"

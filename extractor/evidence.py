"""What speaks for and against each candidate for a firm's name: named facts, in groups, for the judge.

Facts tell its form, its neighbours, its rivals for the same signs, and the other places of the same string. A group
is a tuple that often comes again as it is, so that the judge need not add its weights again; no fact is in two groups.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import accumulate

from core.register import FirmEntry
from extractor.candidates import Candidate
from extractor.data import table, word_set, words
from extractor.jieba_words import is_word, tag_of, tagged
from extractor.name_forms import LIKELY, bucket, form_of
from extractor.page import Page
from extractor.recognisers import Mark
from extractor.remembered import remembered

Facts = list[tuple[str, ...]]

_LONGEST = 80  # characters of a bank's or an undisclosed firm's mark at most
_NEARBY = 40  # candidates looked at on either side for rivals, so that a page of nothing but names stays linear
_BESIDE = 8  # candidates looked at on either side for neighbours in a list
_JOINTS = frozenset(["、", "和", "与", "及", "以及"])
_JOINS, _OPENS = frozenset("、和与及"), frozenset("、和与及以")  # what they end and begin with
_NOWHERE = bucket(0.0)
_NO_RIVAL = ("no rival",)
_NAMELY = ("nz", "nr", "nt", "nrt", "ns", "nrfg")


def evidence(page: Page, candidates: Sequence[Candidate], others: Sequence[Mark]) -> list[Facts]:
    """What is known of each candidate; `others` are the page's banks and undisclosed firms."""
    text, names = page.text, _names(candidates, page)
    starts = [mark.start for mark in others]
    reach = [0, *accumulate([c.end for c in candidates], max)]
    tags = [bucket(c.tagged) for c in candidates]
    facts = []
    for index, c in enumerate(candidates):
        start, end = c.start, c.end
        tag, name = tags[index], names[c.text]
        before, after = text[max(0, start - 2) : start], text[end : end + 2]
        word_before, word_after = page.beside(start, end)
        edges = word_before is not None, word_after is not None
        told = [
            _proposed(name.form, c.sources, tag, edges, name.listed),
            _made_of(c.text),
            _before(before, word_before or ""),
            _after(after, word_after or ""),
            _between(before[-1:], after[:1]),
            _rivals(index, candidates, tags, reach),
        ]
        if before[-1:] in _JOINS or after[:1] in _OPENS:
            told.append(_neighbours(index, candidates, text))
        told += name.elsewhere(c, tag)
        around = others[bisect_left(starts, start - _LONGEST) : bisect_left(starts, end)]
        if overlapping := [mark for mark in around if mark.end > start]:
            told.append(tuple(dict.fromkeys([f"{mark.kind}:{_relation(mark, c)}" for mark in overlapping])))
        facts.append(told)
    return facts


@lru_cache(maxsize=20_000)
def _proposed(form: str, sources: tuple[str, ...], tag: str, edges: tuple[bool, bool], listed: int) -> tuple[str, ...]:
    """What proposes a name of a form; `listed` is 0 for one that no register has, else its length, at most 4."""
    kinds = {told.partition(":")[0] for told in sources}
    told = (
        "always",
        f"form:{form}",
        *(f"from:{told}" for told in sources),
        *(f"from:{told}:{form}" for told in sources),
        f"sources:{min(len(sources), 3)}",
        f"tag:{tag}",
        f"tag:{tag}:{form}",
        f"tag:{tag}:{'+'.join(sorted(kinds)) or 'alone'}",
        f"edge:{edges[0]}:{edges[1]}",
        *((f"listed:{listed}", f"listed:{tag}") if listed else ()),
    )
    return tuple(dict.fromkeys(told))


@remembered(20_000)
def _made_of(name: str) -> tuple[str, ...]:
    """jieba's words of a name: how many are everyday ones, the tags of the first and the last, generic ones."""
    parts = tagged(name)[:8]
    if not parts:
        return ()
    places = table("places", "name", "kind")
    everyday = sum(_is_everyday(word, tag) for word, tag in parts)
    facts = [
        f"everyday:{min(everyday, 3)}of{min(len(parts), 4)}",
        f"first:{parts[0][1]}",
        f"last:{parts[-1][1]}",
    ]
    facts.append(f"head:{parts[0][0]}")
    facts.append(f"tail:{parts[-1][0]}")
    facts.append(f"place:{parts[0][0] in places}:{name in places}")
    if parts[0][0] in word_set("name_stops"):
        facts.append("begins with a stop")
    if any(word in word_set("name_stops") for word, _ in parts[1:]):
        facts.append("holds a stop")
    if name in word_set("generic_brands") or parts[0][0] in word_set("generic_brands"):
        facts.append("generic")
    facts += [f"holds:{part}" for part in _telling_parts() if part in name]
    facts.append(f"begins:{name[0]}")
    return tuple(facts)


@cache
def _telling_parts() -> tuple[str, ...]:
    return tuple(dict.fromkeys((*words("no_brands"), *words("no_borrowers"))))


@remembered(20_000)
def _is_plain(name: str) -> bool:
    """Whether a name is made of everyday words alone (飞行汽车), or is a person's."""
    parts = tagged(name)
    return all(_is_everyday(word, tag) for word, tag in parts) or (len(parts) == 1 and parts[0][1] == "nr")


def _is_everyday(word: str, tag: str) -> bool:
    return len(word) > 1 and is_word(word) and tag[0] in "nvadlibtz" and tag not in _NAMELY


@lru_cache(maxsize=20_000)
def _between(before: str, after: str) -> tuple[str]:
    return (f"between:{before}:{after}",)


@lru_cache(maxsize=20_000)
def _before(signs: str, word: str) -> tuple[str, ...]:
    told = (f"before:{signs[-1:]}", f"before:{signs}", f"word before:{word}", f"tag before:{tag_of(word)}")
    return tuple(dict.fromkeys(told))


@lru_cache(maxsize=20_000)
def _after(signs: str, word: str) -> tuple[str, ...]:
    told = (f"after:{signs[:1]}", f"after:{signs}", f"word after:{word}", f"tag after:{tag_of(word)}")
    return tuple(dict.fromkeys(told))


def _rivals(index: int, candidates: Sequence[Candidate], tags: Sequence[str], reach: Sequence[int]) -> tuple[str, ...]:
    """Candidates that claim some of the same signs; `reach` is how far those before each one go."""
    mine = candidates[index]
    overlapping = []
    for other in range(index - 1, max(0, index - _NEARBY) - 1, -1):
        if reach[other + 1] <= mine.start:
            break
        if candidates[other].end > mine.start:
            overlapping.append(other)
    for other in range(index + 1, min(index + 1 + _NEARBY, len(candidates))):
        if candidates[other].start >= mine.end:
            break
        overlapping.append(other)
    if not overlapping:
        return _NO_RIVAL
    rivals = [(_relation(candidates[other], mine), candidates[other].sources, tags[other]) for other in overlapping]
    return _rivalled(tuple(rivals), tags[index])


@lru_cache(maxsize=20_000)
def _rivalled(rivals: tuple[tuple[str, tuple[str, ...], str], ...], tag: str) -> tuple[str, ...]:
    """How rivals lie, by what each is proposed, and how likely the likeliest of each kind is."""
    told = dict.fromkeys(f"rival:{how}:{source}" for how, sources, _ in rivals for source in sources)
    best: dict[str, str] = {}
    for how, _, likely in rivals:
        best[how] = max(best.get(how, likely), likely, key=LIKELY.index)
    for how, probability in best.items():
        told[f"rival:{how}:{probability}"] = None
        told[f"rival:{how}:{probability}:{tag}"] = None
    return tuple(told)


def _relation(other: Candidate | Mark, mine: Candidate) -> str:
    """How another span lies to mine."""
    if other.start <= mine.start and other.end >= mine.end:
        return "same" if (other.start, other.end) == (mine.start, mine.end) else "around"
    if other.start >= mine.start and other.end <= mine.end:
        return "head" if other.start == mine.start else "tail" if other.end == mine.end else "inside"
    return "across"


def _neighbours(index: int, candidates: Sequence[Candidate], text: str) -> tuple[str, ...]:
    """What stands beside it in a list: the likeliest candidate on either side."""
    mine = candidates[index]
    facts: list[str] = []
    if text[mine.start - 1 : mine.start] in _JOINS:
        last = [c for c in candidates[max(0, index - _BESIDE) : index] if _joint(text, c.end, mine.start)]
        facts += _listed("last", last)
    if text[mine.end : mine.end + 1] in _OPENS:
        following = [c for c in candidates[index + 1 : index + 1 + _BESIDE] if _joint(text, mine.end, c.start)]
        facts += _listed("next", following)
    return tuple(facts)


def _listed(side: str, beside: Sequence[Candidate]) -> list[str]:
    if not beside:
        return []
    kinds = "+".join(sorted({m.kind for c in beside for m in c.marks}))
    return [f"listed {side}:{bucket(max(c.tagged for c in beside))}", f"listed {side}:{kinds}"]


def _joint(text: str, end: int, start: int) -> bool:
    """Whether one span's end and another's start are joined to a list."""
    return 1 <= start - end <= 2 and text[end:start] in _JOINTS


def _names(candidates: Sequence[Candidate], page: Page) -> dict[str, _Name]:
    """Each string that is a candidate, once for all of its places."""
    told: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        told.setdefault(candidate.text, []).append(candidate)
    full = [name for name in told if form_of(name) == "full"][:200]
    return {name: _Name(name, places, page, full) for name, places in told.items()}


class _Name:
    """A string at all of its places: how often it stands there, and what was said of it there."""

    __slots__ = ("_count", "_mine", "_plain", "_share", "_told", "form", "listed")

    def __init__(self, name: str, places: Sequence[Candidate], page: Page, full: Sequence[str]) -> None:
        self.form, self._plain = form_of(name), _is_plain(name)
        self.listed = min(len(name), 4) if isinstance(page.lexicon.entry(name), FirmEntry) else 0
        self._mine, self._count = places[:_NEARBY], page.text.count(name)
        self._share = bucket(sum([place.tagged for place in self._mine]) / max(self._count, 1))
        self._told: tuple[str, ...] = ("in the title",) if name in page.title else ()
        if full and any(name in other and name != other for other in full):
            self._told += ("part of a full name",)

    def elsewhere(self, c: Candidate, tag: str) -> Facts:
        """What the other places say of a candidate."""
        mine, best, told = self._mine, _NOWHERE, self._told
        if len(mine) > 1:
            others = [other for other in mine if other is not c]
            best = bucket(max([other.tagged for other in others]))
            told = (*_elsewhere(tuple([other.sources for other in others])), *told)
        places = _of_places(min(self._count, 4), min(len(mine), 3), self.form, self._plain, self._share, best, tag)
        return [places, told] if told else [places]


@remembered(20_000)
def _elsewhere(sources: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """What proposes the other places."""
    return tuple(dict.fromkeys(f"elsewhere:{told}" for each in sources for told in each))


@lru_cache(maxsize=20_000)
def _of_places(count: int, marked: int, form: str, plain: bool, share: str, best: str, tag: str) -> tuple[str, ...]:
    return (
        f"told:{count}",
        f"share:{share}:{form}",
        f"share:{share}:{count > 2}",
        *((f"plain:{share}",) if plain else ()),
        f"marked:{marked}of{min(count, 3)}",
        f"elsewhere:{best}",
        f"elsewhere:{best}:{tag}",
    )

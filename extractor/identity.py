"""Which names of an article are one firm: 以下简称 definitions, short names derived from full ones, listed names.

A full name gives short ones: 上海澄砺智能科技有限公司 gives 澄砺智能科技, 澄砺科技, 澄砺 and so on; each is looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import islice

from core.register import FirmEntry
from extractor.data import table, word_set
from extractor.jieba_words import is_word
from extractor.kinship import in_order
from extractor.lexicon import Lexicon
from extractor.places import place_before
from extractor.recognisers import Mark
from extractor.wordlist import find_once

_DEFINED = re.compile(
    r"\((?:以下|下文|下)?(?:统一)?(?:简称|称)?(?:为)?[:：]?[“‘\"「]?(?P<alias>[一-龥A-Za-z0-9·*]{2,10})[”’\"」]?"
    r"(?:或[“‘][^”’]{1,10}[”’])?(?P<code>[,，、；;/ ](?:股票代码|证券代码)?[:：]?\s?\d{4,6}(?:\.[A-Z]{2})?)?\)"
)
_CALLED = re.compile(r"[,，]?(?:以下简称|下称|简称)[为:：]?[“‘](?P<alias>[一-龥A-Za-z0-9·]{2,10})[”’]")
_LEGAL = re.compile(
    r"(?:\([^()]{1,8}\))?(?:集团)?(?:股份)?(?:有限责任公司|有限公司|有限合伙企业|合伙企业|股份公司|集团公司|总公司|公司)(?:\(有限合伙\))?\Z"
)
_LEGAL_ENDS = tuple(form + told for form in ("公司", "合伙企业") for told in ("", "(有限合伙)"))
"""Just the names that `_LEGAL` finds a form in end so."""
_MOST = 300  # names compared with each new one, so that a page of ten thousand names stays linear
_BRACKET = re.compile(r"\([^()]*\)")


@dataclass(slots=True)
class Firm:
    """One enterprise of an article: its names as they stand in the plain text, the longest first asked for."""

    names: dict[str, tuple[int, int]] = field(default_factory=dict)
    entry: FirmEntry | None = None
    description: str | None = None
    where: tuple[int, int] = (0, 0)
    count: int = 0

    @property
    def name(self) -> str:
        """The fullest name told (empty for an undisclosed firm)."""
        return max(self.names, key=lambda name: (name.endswith(_LEGAL_ENDS), len(name)), default="")


def identify(text: str, marks: Iterable[Mark], lexicon: Lexicon) -> tuple[dict[int, Firm], list[Mark]]:
    """Firms by the start of each mark that names one, and further marks where their short names stand."""
    book = _Book(text, lexicon)
    named = [mark for mark in marks if mark.kind in ("firm", "short_firm", "brand")]
    for mark in sorted(named, key=lambda m: (getattr(m.value, "form", "") != "full", m.start)):
        book.add(mark)
    return book.by_start, list(book.derived(marks))


class _Book:
    """The firms found so far, by every name."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text, self.lexicon = text, lexicon
        self.by_name: dict[str, Firm] = {}
        self.by_start: dict[int, Firm] = {}
        self.short: dict[str, Firm] = {}

    def add(self, mark: Mark) -> None:
        name = self.text[mark.start : mark.end]
        firm = self.by_name.get(name) or self._known(name) or Firm()
        firm.names.setdefault(name, (mark.start, mark.end))
        firm.entry = firm.entry or getattr(mark.value, "entry", None)
        self.by_name.setdefault(name, firm)
        self.by_start[mark.start] = firm
        firm.count += 1
        if getattr(mark.value, "form", "") in ("titled", "defined", "head"):
            self.short.setdefault(name, firm)
        for alias, start in _defined(self.text, mark.end):
            firm.names.setdefault(alias, (start, start + len(alias)))
            self.by_name.setdefault(alias, firm)
            self.short.setdefault(alias, firm)
        for short in (*short_forms(name), *_brand_of(name)):
            self.short.setdefault(short, firm)
        if len(name) > 2 and not is_word(name):
            self.short.setdefault(name, firm)

    def _known(self, name: str) -> Firm | None:
        """A firm already met under another name: a defined or derived short name, or one whose signs stand in order."""
        bare = _without_form(name)
        if name in self.short or bare in self.short:
            return self.short.get(name) or self.short[bare]
        forms = short_forms(name)
        for known, firm in islice(self.by_name.items(), _MOST):
            if (len(bare) < len(known) and _abbreviates(bare, known)) or known in forms:
                return firm
        return None

    def derived(self, marks: Iterable[Mark]) -> Iterator[Mark]:
        """Places where a short name stands outside every mark."""
        if not self.short:
            return
        covered = _Covered((mark.start, mark.end) for mark in marks)
        for start, end, short in find_once(self.short, self.text):
            if not covered.take(start, end):
                continue
            begin = start - place_before(self.text, start)
            firm = self.short[short]
            if begin < start and covered.take(begin, start):
                start, firm = begin, self._regional(self.text[begin:end], short)
            firm.names.setdefault(self.text[start:end], (start, end))
            firm.count += 1
            self.by_start[start] = firm
            yield Mark("firm", start, end, None)

    def _regional(self, name: str, short: str) -> Firm:
        """The firm that a short name behind a place means: one whose name begins so, else a firm of its own."""
        own = self.short[short]
        if any(known.startswith(name) for known in own.names):
            return own
        return self.by_name.setdefault(name, Firm())


class _Covered:
    """Spans already spoken for."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._taken = {at for start, end in spans for at in range(start, end)}

    def take(self, start: int, end: int) -> bool:
        """Claim a span; False if part of it was claimed before."""
        span = range(start, end)
        if not self._taken.isdisjoint(span):
            return False
        self._taken.update(span)
        return True


def _brand_of(name: str) -> tuple[str, ...]:
    """The brand of a short name as a name of its own (砺芯 of 砺芯半导体), if it is no everyday word."""
    brand, trades = _brand(_core(name)) if not name.endswith(_LEGAL_ENDS) else ("", [])
    return (brand,) if trades and len(brand) >= 2 and not _everyday(brand) else ()


def _defined(text: str, end: int) -> Iterator[tuple[str, int]]:
    """The alias that a bracket or 简称 right after a name defines, and where it stands."""
    match = _DEFINED.match(text, end) or _CALLED.match(text, end)
    if not match:
        return
    alias, told = match["alias"], match.group()
    marked = any(sign in told for sign in "称“‘") or (match.groupdict().get("code") is not None)
    if (
        alias.isdecimal()
        or alias in word_set("no_aliases")
        or any(word in alias for word in ("持股", "占比", "公告", "子公司"))
    ):
        return
    if marked or len(alias) <= 6:
        yield alias, match.start("alias")


@lru_cache(maxsize=2_000)
def short_forms(full: str) -> frozenset[str]:
    """The short names a full legal name may be told by; none of an everyday word."""
    core = _core(full)
    if len(core) < 2 or core == full:
        return frozenset()
    brand, trades = _brand(core)
    forms = {core, *(brand + "".join(trades[:n]) for n in range(len(trades))), *(brand + trade for trade in trades)}
    generic = word_set("generic_brands")
    return frozenset(
        form for form in forms if len(form) >= 2 and form not in generic and not (len(form) <= 3 and _everyday(form))
    )


def _everyday(word: str) -> bool:
    return bool(is_word(word)) or word in table("places", "name", "kind")


@lru_cache(maxsize=10_000)
def _core(full: str) -> str:
    """A full name without its place and its legal form."""
    bare = _BRACKET.sub("", _without_form(full))
    places = table("places", "name", "kind")
    for _ in range(2):
        for size in (8, 7, 6, 5, 4, 3, 2):
            if bare[:size] in places and len(bare) - size >= 2:
                bare = bare[size:]
                break
    return bare


def _without_form(full: str) -> str:
    return _LEGAL.sub("", full) if full.endswith(_LEGAL_ENDS) else full


def _brand(core: str) -> tuple[str, list[str]]:
    """A core name as its brand and the trade words behind it: 澄砺智能科技 is 澄砺, [智能, 科技]."""
    suffixes = word_set("firm_suffixes", "trade_words")
    trades: list[str] = []
    while True:
        trade = next((core[-size:] for size in _sizes() if len(core) - size >= 2 and core[-size:] in suffixes), None)
        if trade is None:
            return core, trades
        trades.insert(0, trade)
        core = core[: -len(trade)]


@cache
def _sizes() -> tuple[int, ...]:
    """How long trade words and suffixes are, the longest first."""
    return tuple(sorted({len(word) for word in word_set("firm_suffixes", "trade_words")}, reverse=True))


def _abbreviates(short: str, full: str) -> bool:
    """Whether the signs of `short` stand in `full` in order, the first two of its brand together: 五新隧装."""
    bare = _bare_if_legal(full) if len(short) >= 3 else ""
    at = bare.find(short[:2]) if bare else -1
    return at >= 0 and in_order(short[2:], bare[at + 2 :])


@lru_cache(maxsize=10_000)
def _bare_if_legal(full: str) -> str:
    """A full legal name without its brackets; nothing for any other name."""
    return _BRACKET.sub("", full) if full.endswith(_LEGAL_ENDS) else ""

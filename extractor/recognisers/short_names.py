"""Short firm names by their last word: 宇树科技, 峰飞航空, 恒基地产, 聚美生物科技公司; not 金融科技, 高端装备."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import rjieba

from extractor.data import table, words
from extractor.recognisers.base import Mark

if TYPE_CHECKING:
    from extractor.page import Page

_LEFT = re.compile(r"[一-龥A-Za-z0-9]{1,10}\Z")
_AFTER = re.compile(
    r"(?:科技|生物|医药|技术|股份|集团|智能|实业)*(?:公司|集团|股份)?(?!企业|行业|产业|领域|型|化|类|园区?|园|城|大学|学院|局|厅|部|委|业务|贷|金融|创新|板|体系|人员|人才|成果|政策|服务|支行|分行|业|革命|攻关|中心|研究|赛道|力量|强国|支撑|工作|改造|条线)"
)
_BEFORE_NOT = frozenset("的了在是有各某")


@dataclass(frozen=True, slots=True)
class ShortHit:
    """A short name by form: `brand` is what stands before the trade word; `known`: its brand is no everyday word."""

    brand: str
    known: bool


class ShortNames:
    """Brand and trade word, with 公司 or 集团 if they follow."""

    kind = "short_firm"

    def find(self, page: Page) -> Iterator[Mark]:
        """Marks whose value is a `ShortHit`."""
        last = -1
        for match in _suffixes().finditer(page.text):
            if match.start() < last:
                continue
            after = _AFTER.match(page.text, match.end())
            left = _LEFT.search(page.text, max(0, match.start() - 10), match.start())
            if not after or not left:
                continue
            brand = _brand(left.group())
            if brand:
                last = after.end()
                yield Mark(self.kind, match.start() - len(brand), after.end(), ShortHit(brand, not _plain(brand)))


@cache
def _suffixes() -> re.Pattern[str]:
    return re.compile("|".join(sorted((w for w in words("firm_suffixes")), key=len, reverse=True)))


@cache
def _stops() -> frozenset[str]:
    return frozenset(words("name_stops")) | _BEFORE_NOT


def _brand(left: str) -> str:
    """The brand at the end of `left`: the tokens back to a stop word, a generic word or a place, at most 4 signs."""
    kept: list[str] = []
    for token in reversed(rjieba.cut(left)):
        if token in _stops() or len("".join(kept)) + len(token) > 5:
            break
        kept.append(token)
    tokens = list(reversed(kept))
    while tokens and ((tokens[0] in table("places", "name", "kind") and len(tokens) > 1) or _leads(tokens)):
        tokens.pop(0)
    brand = "".join(tokens)
    generic = words("generic_brands")
    if not 2 <= len(brand) <= 5 or brand in generic or any(token in generic for token in tokens):
        return ""
    return "" if brand in table("places", "name", "kind") else brand


def _leads(tokens: list[str]) -> bool:
    """Whether the first token is an everyday verb or adverb before a brand: 支持|宇树, 投资|云深处."""
    return (
        len(tokens) > 1
        and len(tokens[0]) >= 2
        and rjieba.has_word(tokens[0])
        and len("".join(tokens[1:])) >= 2
        and rjieba.tag(tokens[0])[0][1][0] in "vdcprmt"
    )


def _plain(brand: str) -> bool:
    return bool(rjieba.has_word(brand))

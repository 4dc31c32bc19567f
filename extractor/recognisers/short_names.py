"""Short firm names by their last word: 宇树科技, 砺芯航空, 澄砺地产, 澄砺生物科技公司; not 金融科技, 高端装备.

jieba says what the brand before the trade word is made of: a brand of dictionary words (智慧|城市) is no brand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from extractor.data import table, word_set, words
from extractor.jieba_words import cut, is_word, tag_of
from extractor.places import place_before
from extractor.recognisers.base import Mark

if TYPE_CHECKING:
    from extractor.page import Page

_LEFT = re.compile(r"[一-龥A-Za-z]{1,10}\Z")
_TAIL = (
    r"(?:技术|发展|工程|设备)?(?P<legal>公司|集团|股份)?(?!企业|行业|产业|领域|型|化|类|园|城|大学|学院|局|厅|部|委|业务|贷|金融|创新|板|体系"
    r"|人员|人才|成果|政策|服务|支行|分行|业|革命|攻关|中心|研究|赛道|力量|强国|支撑|工作|改造|条线|含量|属性|保险|资金|制造|创业)"
)
_BANK_BEFORE = re.compile(r"\A.*(?:银行|分行|支行|该行)(?:给予|[为向给对与和同跟将已的]|分别)*")
_GIVEN = re.compile(r"\A[一-龥]{0,2}[予给向叫](?=[一-龥]{2})")
_GLUED = frozenset("和予在为由从把被向给对跟与和将让使已也是有到")
_LEADING = frozenset("经因受凭")
_NO_BRAND = frozenset("mqrpcudfyx")


class ShortHit(NamedTuple):
    """A short name: `brand` is what stands before the trade word."""

    brand: str


class ShortNames:
    """Brand and trade words, with 公司 or 集团 if they follow."""

    kind = "short_firm"

    def find(self, page: Page) -> Iterator[Mark]:
        """Marks whose value is a `ShortHit`. A brand of dictionary words counts where its name is told twice."""
        doubtful: dict[str, list[Mark]] = {}
        last = -1
        for at, _, _ in page.phrases["trade"]:
            match = _suffixes().match(page.text, at)
            if match is None or match.start() < last or (match["weak"] and not match["legal"]):
                continue
            mark, sure = _read(page.text, match, last)
            if mark is not None and sure:
                last = mark.end
                yield mark
            elif mark is not None:
                doubtful.setdefault(page.text[mark.start : mark.end], []).append(mark)
        for marks in doubtful.values():
            if len(marks) >= 2:
                yield from marks


def _read(text: str, match: re.Match[str], last: int) -> tuple[Mark | None, bool]:
    """The short name that ends with a match, and whether its brand is surely one."""
    left = _LEFT.search(text, max(last, match.start() - 10, 0), match.start())
    brand = _brand(left.group()) if left else ""
    if not brand:
        return None, False
    weak, told = match["weak"] is not None, match["legal"] is not None
    start = match.start() - len(brand)
    mark = Mark("short_firm", start - place_before(text, start), match.end(), ShortHit(brand))
    if _is_group(match, left, brand) or _is_brand(brand, weak=weak, told=told):
        return mark, True
    return (mark if not weak and 3 <= len(brand) <= 4 and _has_no_generic(brand) else None), False


def _has_no_generic(brand: str) -> bool:
    return not brand[0].isascii() and not any(part in word_set("generic_brands") for part in [brand, *cut(brand)])


def _is_group(match: re.Match[str], left: re.Match[str] | None, brand: str) -> bool:
    """东方集团, 烟台公交集团: a group may be called by an everyday word if that word stands alone or behind a place."""
    if left is None or match["first"] != "集团" or brand in word_set("generic_brands") or len(brand) < 2:
        return False
    before = left.group()[: -len(brand)]
    return not before or before[-1] in "的和与及向为给" or place_before(before, len(before)) > 0


@cache
def _suffixes() -> re.Pattern[str]:
    strong = "|".join(sorted(words("firm_suffixes"), key=len, reverse=True))
    weak = "|".join(sorted(words("firm_suffixes_weak"), key=len, reverse=True))
    return re.compile(rf"(?:(?P<first>{strong})|(?P<weak>{weak}))(?:{strong}|{weak})*{_TAIL}")


@cache
def _stops() -> frozenset[str]:
    return frozenset(words("name_stops")) | frozenset("的了在是有各某")


def _brand(left: str) -> str:
    """The brand at the end of `left`: the words back to a stop word, a number, a verb's helper or a place."""
    tokens: list[str] = []
    size, stops = 0, _stops()
    for token in reversed(cut(_BANK_BEFORE.sub("", left) if "行" in left else left)):
        size += len(token)
        if size > 4 or token in stops or (tag_of(token)[0] in _NO_BRAND and is_word(token)):
            break
        tokens.insert(0, token)
    places = table("places", "name", "kind")
    while len(tokens) > 1 and (tokens[0] in places or _leads(tokens[0])):
        tokens.pop(0)
    brand = _GIVEN.sub("", "".join(tokens))
    return brand[1:] if len(brand) >= 3 and _is_glued(brand) else brand


def _is_glued(brand: str) -> bool:
    """Whether a brand's first sign is grammar that stuck to it: 经|澄砺, but 经纬恒润."""
    return brand[0] in _GLUED or (brand[0] in _LEADING and not is_word(brand[:2]))


def _leads(token: str) -> bool:
    """Whether a word before a brand is an everyday verb or noun of it: 支持|宇树, 出厂|国自."""
    tag = tag_of(token)
    return len(token) >= 2 and tag[0] in "vna" and tag not in ("nz", "nr", "nt", "nrt", "ns") and is_word(token)


def _is_brand(brand: str, *, weak: bool, told: bool) -> bool:
    """Whether a brand is a name: of two to four signs, no generic word or place, for a weak ending no word."""
    if not 2 <= len(brand) <= 4 or brand in word_set("generic_brands"):
        return False
    place = table("places", "name", "kind").get(brand)
    if place is not None:
        return place == "county" and not weak
    parts = cut(brand)
    if any(part in word_set("generic_brands") for part in parts):
        return False
    everyday = [part for part in parts if len(part) >= 2 and is_word(part) and tag_of(part)[0] in "nvadlibtz"]
    names = [part for part in everyday if tag_of(part) in ("nz", "nr", "nt", "nrt", "ns", "nrfg")]
    if brand[0].isascii() and not told:
        return False
    if weak:
        return told and not everyday and len(brand) <= 3 and not brand.isascii()
    return len(everyday) == len(names)

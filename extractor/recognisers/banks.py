"""Banks and their branches: the register's names, and by grammar the unlisted 某某农商银行某某支行.

Not 商业银行 in general, not 投资银行 or 血库银行 (`data/generic_banks.txt`), not 中国银行业 or 人民银行.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from core.register import BankEntry
from extractor.data import table, word_set, words
from extractor.places import place_begins
from extractor.recognisers.base import Mark

if TYPE_CHECKING:
    from extractor.page import Page

_UNLISTED = re.compile(
    r"农村商业银行|农商银行|农商行|村镇银行|农村合作银行|农村信用合作联社|农村信用联社|农信联社|农信社|银行"
)
_RURAL = re.compile(r"农村商业银行|农商行")
_LEFT = re.compile(r"[一-龥]{1,12}\Z")
_LEGAL = re.compile(
    r"(?:股份有限公司|有限责任公司|有限公司)?(?:\((?:[0-9]{5,6}[^()]{0,8}|[^()]{0,6}(?:简称|下称)[^()]{0,16})\))?(?:总行)?"
)
_UNIT = r"(?:分行|支行|营业部|分理处)"
_BRANCH = re.compile(
    rf"(?:辖内的?|辖属的?|下属的?|下辖的?|旗下的?|位于|的)?(?P<name>[^\s，。；：、！？“”‘’《》()的了在为向和与等从给对把将是有到各多其该一已也那这]{{1,14}}?{_UNIT})"
)
_NOT_AFTER = re.compile(
    r"业|间|卡|家|类|保险监|保险业|股(?!份)|证券(?!公司|投资)|基金公司|保函|贷款|账户|存款|转账|流水|理财|界|系|体系|机构|同业"
)
_OTHER_WORD = re.compile(r"业(?!务)|间|卡|保险监|系|界|证券|基金公司|研究院|研究所")
_STOPS = frozenset("的了在为向和与等由从给对把将是有到各多其该这那某一两三四五六七八九十家户与及或跟被让找去来上下中")
_OFFICE = r"(?:[^，。；、“”()\s的]{0,12}?(?:分行|中心支行|支行|营业管理部|总部))?"
_CENTRAL = re.compile(rf"中国人民银行{_OFFICE}|人民银行{_OFFICE}|人行[^，。；、“”()\s的]{{0,8}}?(?:分行|中心支行|支行)")
"""Each choice begins with a plain sign: `re` skips to them."""
_LONE = re.compile(_UNIT)
_LONE_NAME = re.compile(
    r"[^\s，。；：、！？“”‘’《》()0-9的了在为向和与等从给对把将是有到各多其该两三四五六七八九十一那这边由挂]{1,12}\Z"
)


class BankHit(NamedTuple):
    """A bank as it stands: `name` by the register (or as the grammar reads it), None for a branch without its bank."""

    name: str | None
    branch: str | None


class Banks:
    """Banks with the branch that follows, and branches that stand alone."""

    kind = "bank"

    def find(self, page: Page) -> Iterator[Mark]:
        """Marks whose value is a `BankHit`."""
        taken = 0
        hits = [*_central(page.text), *_listed(page), *_short(page), *_unlisted(page)]
        for start, end, name in sorted(hits, key=lambda m: (m[0], -m[1])):
            if start < taken:
                continue
            yield from _lone(page.text, taken, start)
            if not name:
                taken = end
                continue
            mark = _with_branch(page.text, start, end, name)
            taken = mark.end
            yield mark
        yield from _lone(page.text, taken, len(page.text))


def _central(text: str) -> Iterator[tuple[int, int, str]]:
    """The central bank with its branches: no lender; its span keeps 人民银行深圳市分行 from being read as a branch."""
    for match in _CENTRAL.finditer(text):
        yield match.start(), match.end(), ""


def _with_branch(text: str, start: int, end: int, name: str) -> Mark:
    legal = _LEGAL.match(text, end)
    after = legal.end() if legal else end
    parts: list[str] = []
    while match := _BRANCH.match(text, after):
        if _UNLISTED.search(match["name"]):
            break
        parts.append(match["name"])
        after = match.end()
    province = table("province_offices", "place", "branch").get(text[max(0, start - 2) : start])
    if not parts and province and text[start:end] in table("bank_short", "short", "name"):
        return Mark("bank", start - 2, after, BankHit(name, province))
    return Mark("bank", start, after, BankHit(name, "".join(parts) or None))


def _lone(text: str, start: int, end: int) -> Iterator[Mark]:
    """Branches told without their bank: 石家庄分行, 该分行; the bank is the document memory's to tell."""
    last = start
    for match in _LONE.finditer(text, start, end):
        left = _LONE_NAME.search(text, max(last, match.start() - 12), match.start())
        name = left.group().removeprefix("行") if left else ""
        last = match.end()
        named = len(name) >= 2 and name not in word_set("no_branch_names")
        begin = match.start() - len(name)
        yield Mark("bank", begin, match.end(), BankHit(None, text[begin : match.end()] if named else None))


def _listed(page: Page) -> Iterator[tuple[int, int, str]]:
    text = page.text
    for hit in page.known:
        if not isinstance(hit.entry, BankEntry) or _OTHER_WORD.match(text, hit.end):
            continue
        short = len(hit.text) <= 3
        if short and not (page.is_edge(hit.start) and (page.is_edge(hit.end) or _BRANCH.match(text, hit.end))):
            continue
        if hit.text in word_set("generic_banks") or text.startswith("银行", hit.end):
            continue
        if short and not hit.text.endswith(("行", "储", "社")) and f"{hit.text}银行" not in text:
            continue
        yield hit.start, hit.end, hit.entry.name


def _short(page: Page) -> Iterator[tuple[int, int, str]]:
    """兴业, 浦发, 汇丰 without 银行: words of their own, so only where the article tells the bank's fuller name too."""
    for start, end, name in page.phrases["bank"]:
        short = page.text[start:end]
        if (
            short.endswith("行")
            or page.text.count(name) > 0
            or f"{short}(" in page.text
            or short in ("汇丰", "渣打", "星展")
        ):
            plain = not page.text.startswith(
                ("银行", "证券", "集团", "信托", "国际", "理财", "基金", "保险", "资本", "国企", "企业"), end
            )
            if plain and page.is_edge(start) and page.is_edge(end):
                yield start, end, name


def _unlisted(page: Page) -> Iterator[tuple[int, int, str]]:
    for match in _UNLISTED.finditer(page.text):
        left = _LEFT.search(page.text, max(0, match.start() - 12), match.start())
        if not left or _NOT_AFTER.match(page.text, match.end()):
            continue
        start = _left_edge(page, left.group(), match.start(), plain=match.group() == "银行")
        name = page.text[start : match.end()]
        if (start < match.start() and not name.endswith(words("generic_banks"))) or _is_rural(name, match, start):
            yield start, match.end(), _RURAL.sub("农商银行", name)


def _is_rural(name: str, match: re.Match[str], start: int) -> bool:
    return match.group() != "银行" and start < match.start() and name not in word_set("generic_banks")


def _left_edge(page: Page, left: str, end: int, *, plain: bool) -> int:
    """Where an unlisted bank's name begins: at the place name farthest left, or (rural banks) at a word of jieba's."""
    size = len(left)
    first = end - size
    begin = size
    while begin and left[begin - 1] not in _STOPS:
        begin -= 1
    for i in range(max(begin, size - 8), size - 1):
        if place_begins(left, i) and page.is_edge(first + i):
            return first + i if not plain or (size - i <= 6 and "集团" not in left[i:]) else end
    if plain or "集团" in left:
        return end
    for i in range(max(begin, size - 4), size - 1):
        if page.is_edge(first + i):
            return first + i
    return end

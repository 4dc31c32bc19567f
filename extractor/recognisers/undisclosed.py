"""Firms told without a name: 某影视文化公司, 一家上市企业, 武汉某便利科技有限公司, 南城一家智能装备企业."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from extractor.data import table
from extractor.recognisers.base import Mark

if TYPE_CHECKING:
    from extractor.page import Page

_INSIDE = r"[^\s，。；：、！？()“”《》某]"
_HEAD = (
    r"(?:有限责任公司|股份有限公司|有限公司|企业|公司|集团|厂商|制造商|生产商|供应商|工厂|药企|车企|民企|厂"
    r"|“?小巨人”?企业|“?小巨人”?)"
)
_LEAD = (
    r"[某有另一这该](?:(?<=某)(?:家|知名|大型|头部|省级|国家级)?|(?<=[有另])一家|(?<=一)[家户]|(?<=有)家"
    r"|(?<=[这该])家?(?=[一-龥]{1,12}的?上游))"
)
"""One set of signs stands first, as in `_LETTERED`: `re` skips to its members."""
_FIRM = re.compile(
    rf"{_LEAD}(?P<body>(?:{_INSIDE}|“[^”\n]{{1,10}}”){{0,28}}?){_HEAD}(?!们|家|客户|群|债|法人|所在|融资|贷款|信贷|金融|服务|数|端|集中|应收|类|总部基地)"
)
_BAD = re.compile(
    r"银行|股份行|券商|证券|基金|保险公司|投行|律师|担保公司|机构|分析师|负责人|咨询公司|评级公司|央企$|表示|认为|称|还是|不是|不如|没有|可以|如果|几家|多家"
)
_LETTERED = re.compile(r"[A-Z](?<=[一-龥].)(?:[一-龥]{0,8}?)(?:有限公司|公司|企业)")
_PLACE_BEFORE = re.compile(r"[一-龥]{2,9}\Z")


class Undisclosed:
    """Described firms."""

    kind = "undisclosed"

    def find(self, page: Page) -> Iterator[Mark]:
        """Marks whose value is the description as it stands."""
        for match in _LETTERED.finditer(page.text):
            start = _start(page, match.start())
            yield Mark(self.kind, start, match.end(), page.text[start : match.end()])
        for match in _FIRM.finditer(page.text):
            if _BAD.search(match.group()):
                continue
            start = _start(page, match.start())
            yield Mark(self.kind, start, match.end(), page.text[start : match.end()])


def _start(page: Page, at: int) -> int:
    """Take in a place told right before: 武汉某…, 江西鹰潭一家…."""
    places = table("places", "name", "kind")
    left = _PLACE_BEFORE.search(page.text, max(0, at - 9), at)
    if left:
        text = left.group()
        for i in range(len(text)):
            if text[i:] in places or any(text[i : i + n] in places and text[i + n :] in places for n in (2, 3)):
                return left.start() + i
    return at

"""A collateral told in pieces: 以三项核心专利作质押, 把厂房和土地抵押给银行, 押的是两条生产线 (`data/collaterals.csv`).

It says what kind of loan one is, but no loan by itself: 知识产权质押贷款 and the like are instruments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from extractor.data import table
from extractor.recognisers.base import Mark
from extractor.wordlist import WordList

if TYPE_CHECKING:
    from extractor.page import Page

_PLEDGED = re.compile(
    r"质押|抵押|出质|作质(?!量|疑|押)|为质(?!量|疑|押)|作押(?!金|运)|为押(?!金|运)|押着|押给|抵给|按揭"
)
_PLEDGES = re.compile(
    r"押(?:出去|上去|进去|给银行|在银行)?的(?:就|便|也|正|都|全)?[是有]|抵押物(?:就|便|正)?[是为]|质押物(?:就|便|正)?[是为]|押上|押了"
)
"""Each choice of the two begins with a plain sign: `re` skips to them."""
_NEEDED = ("押", "出质", "作质", "为质", "抵给", "按揭")  # each match of the two holds one
_NOT_AFTER = re.compile(r"率|登记|金额|物|品|价值")
_NOT_BEFORE = re.compile(r"(?:无|无需|不用|不要|没有|没|免|缺|缺少|缺乏|可|能|能够|可以|可供|拿去|有效)(?:任何)?\Z")
_REACH = 22  # characters from the thing pledged to the word that says so
_CLAUSE = re.compile(r"[，。；：！？\n]")


class Collaterals:
    """What a loan stands on."""

    kind = "collateral"

    def find(self, page: Page) -> Iterator[Mark]:
        """Marks from the thing to the word or from the word to the thing, whose value is the slug of such a loan."""
        if any(word in page.text for word in _NEEDED):
            yield from self._before(page.text)
            yield from self._after(page.text)

    def _before(self, text: str) -> Iterator[Mark]:
        for match in _PLEDGED.finditer(text):
            start = max(0, match.start() - _REACH)
            before = _CLAUSE.split(text[start : match.start()])[-1]
            if _NOT_AFTER.match(text, match.end()) or _NOT_BEFORE.search(before):
                continue
            thing = next(_things().find(before), None)
            if thing:
                yield Mark(self.kind, match.start() - len(before) + thing[0], match.end(), thing[2])

    def _after(self, text: str) -> Iterator[Mark]:
        for match in _PLEDGES.finditer(text):
            after = _CLAUSE.split(text[match.end() : match.end() + _REACH])[0]
            thing = next(_things().find(after), None)
            if thing:
                yield Mark(self.kind, match.start(), match.end() + thing[1], thing[2])


@cache
def _things() -> WordList:
    return WordList(table("collaterals", "noun", "instrument"))

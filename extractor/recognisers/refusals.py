"""Words that speak against one firm's grant: balances, totals over many firms, programmes, prices, refusals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from extractor.recognisers.base import Mark

if TYPE_CHECKING:
    from extractor.page import Page

_COUNT = re.compile(
    r"(?P<n>[\d.,万多余近]{1,10}|[一二两三四五六七八九十百千]{1,6})(?:余|多)?"
    r"(?:户|(?:家|个|名|笔)[一-龥“”+]{0,12}?(?:企业|公司|客户|主体|小微))(?!银行)"
)
_COUNTED = re.compile(
    r"[户家个名笔](?<=[\d.,万多余近一二两三四五六七八九十百千].)(?:(?<=户)|(?<!户)[一-龥“”+]{0,12}?(?:企业|公司|客户|主体|小微))(?!银行)"
)
"""What a count ends with. It begins with one set of signs, which `re` skips to fast; `_COUNT` could begin anywhere."""
_LONGEST = 11  # characters before that at most
_FEW = frozenset(["一", "1", "二", "两", "三", "2", "3"])


class Refusals:
    """What an amount or a clause must not be read as."""

    kind = "refusal"

    def find(self, page: Page) -> Iterator[Mark]:
        """Marks whose value is balance, total, programme, other_money, right_before (other money where
        the sum follows at once: 订单8亿元, but not 凭订单借到500万元), result, refused or customer."""
        for start, end, why in page.phrases["refusal"]:
            yield Mark(self.kind, start, end, why)
        for match in _counts(page.text):
            if match["n"] not in _FEW:
                yield Mark(self.kind, match.start(), match.end(), "total")


def _counts(text: str) -> Iterator[re.Match[str]]:
    """What `_COUNT.finditer` finds, looked for only before what a count ends with."""
    last = 0
    for counted in _COUNTED.finditer(text):
        at = counted.start()
        match = next(filter(None, (_COUNT.match(text, start) for start in range(max(last, at - _LONGEST), at))), None)
        if match:
            last = match.end()
            yield match

"""Firms by the slot they fill, whatever their words: 银行向深度求索发放…, …，清宝引擎获得兴业银行….

Between a bank with 向, 为 or 给 and a granting verb, or between a comma and 获得 before a bank, stands a firm, unless
one of its words is a generic one (向制造业发放). This finds brands made of dictionary words, which nothing else can.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from extractor.data import one_of, table, word_set
from extractor.jieba_words import cut, is_word, tag_of
from extractor.recognisers.base import BrandHit, Mark

if TYPE_CHECKING:
    from extractor.page import Page

_ADVERB = "(?:随后|近日|日前|先后|迅速|及时|成功|也|又|还|已|便)?"
_GIVEN = re.compile(
    rf"(?:银行|分行|支行|营业部|该行|银团){_ADVERB}(?:给予|向|为|给|与)(?P<name>[一-龥A-Za-z0-9]{{2,10}}?)"
    r"(?:发放|投放|提供|授信|开立|开具|办理|批复|批了|放款|出具|签署|签订|贷款|增贷|续贷|融资|(?=[\d约近超逾]|不超过|不低于|最高))"
)
_GOT = (
    r"(?P<name>[一-龥A-Za-z0-9]{2,10}?)(?:已|便|又|也|成功|顺利|日前|近日)?"
    r"(?:获得|获批|获|拿到|收到)(?:了)?(?=[^，。；\n]{2,14}(?:银行|[分支]行))"
)
_VERB = re.compile("获|拿到|收到")  # what each match of the two holds
_GOT_FIRST, _GOT_LATER = re.compile(_GOT), re.compile(r"[，。；：\n]" + _GOT)
_LEGAL = re.compile(r"(?:股份)?(?:公司|集团)+\Z")


class Slotted:
    """Names in a borrower's slot."""

    kind = "brand"

    def find(self, page: Page) -> Iterator[Mark]:
        """Marks whose value is a `BrandHit`."""
        text = page.text
        for match in (*_GIVEN.finditer(text), *_got(text)):
            if _may_name(match["name"]):
                yield Mark(self.kind, match.start("name"), match.end("name"), BrandHit("slotted"))


def _got(text: str) -> Iterator[re.Match[str]]:
    if _VERB.search(text) is None:
        return
    first = _GOT_FIRST.match(text)
    if first:
        yield first
    yield from _GOT_LATER.finditer(text, first.end() if first else 0)


def _may_name(name: str) -> bool:
    """Whether a brand is left before legal form and trade words that holds no generic word and no grammar.

    明远机器人公司 leaves 明远; 科技企业 and 制造业客户 leave nothing of their own.
    """
    tokens = cut(_LEGAL.sub("", name))
    trades = word_set("firm_suffixes", "firm_suffixes_weak", "trade_words")
    while len(tokens) > 1 and tokens[-1] in trades:
        tokens = tokens[:-1]
    brand = "".join(tokens)
    if len(brand) < 2 or one_of("no_brands").search(brand) or brand in table("places", "name", "kind"):
        return False
    alone = brand == name
    if alone and (len(brand) < 3 or is_word(brand)):
        return False
    generic = word_set("name_stops", "generic_brands")
    return not any(token in generic or tag_of(token)[0] in "pcudmrxqyt" for token in tokens)

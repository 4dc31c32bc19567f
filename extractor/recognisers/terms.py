"""How long money is lent: 期限两年, 3年期, 最长36个月, 为期十年; not 成立三年."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from extractor.recognisers.base import Mark

if TYPE_CHECKING:
    from extractor.page import Page

_NUMBER = r"(?P<n>[0-9]{1,3}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九半])"
_TOLD = re.compile(
    r"(?:期限|为期|年期|贷款期|授信期|有效期|借期|租期|存续期|周期|最长|长达|不超过|不多于|期|限期)[一-龥]{0,6}?"
    + _NUMBER
    + r"(?P<u>年|个月)(?!前|后|内|来|初|底|末|度|里|间|多)"
)
_UNIT = re.compile(r"(?:年|个月)(?=[期长，。；)、”还摊内分到])")  # with what follows it in the other two
_DIGITS = frozenset("0123456789一二两三四五六七八九十半")
_LONGEST = 3  # characters of a number at most
_TERMED = re.compile(_NUMBER + r"(?P<u>年|个月)(?:期|长期)(?!货|间)")
_BARE = re.compile(
    r"(?:(?<=[元万亿]，)|(?<=[元万亿]、)|(?<=[元万亿]\()|(?<=贷款，)|(?<=，借)|(?<=时间)|(?<=还款)|(?<=摊还)|(?<=分))"
    + _NUMBER
    + r"(?P<u>年|个月)(?=[，。；)、”还]|摊还|内?分期|内?还清|到期)"
)
_CHINESE = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "半": 0.5}


class Terms:
    """Terms in months."""

    kind = "term"

    def find(self, page: Page) -> Iterator[Mark]:
        """Marks whose value is whole months."""
        text = page.text
        units = [unit.start() for unit in _UNIT.finditer(text) if text[unit.start() - 1 : unit.start()] in _DIGITS]
        marks = [*_TOLD.finditer(text), *_before(units, _TERMED, text), *_before(units, _BARE, text)]
        for match in sorted(marks, key=lambda m: m.start()):
            months = _number(match["n"]) * (12 if match["u"] == "年" else 1)
            if 1 <= months <= 600:
                yield Mark(self.kind, match.start(), match.end(), round(months))


def _before(units: Sequence[int], pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """What `pattern.finditer` finds, looked for only where a unit follows a digit."""
    last = 0
    for at in units:
        starts = range(max(last, at - _LONGEST), at)
        match = next(filter(None, (pattern.match(text, start) for start in starts)), None)
        if match:
            last = match.end()
            yield match


def _number(numeral: str) -> float:
    if numeral[0] in "0123456789":
        return int(numeral)
    if "十" in numeral:
        tens, _, ones = numeral.partition("十")
        return 10 * (_CHINESE[tens] if tens else 1) + (_CHINESE[ones] if ones else 0)
    return _CHINESE[numeral]

"""When something happened: 2024年12月, 今年3月, 去年底, 同年5月, 三季度, 次日, 近日; ISO with the precision told.

`extractor/dating.py` makes ISO dates of what is found here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from extractor.data import rows
from extractor.dating import Dating, is_real
from extractor.recognisers.base import Mark

if TYPE_CHECKING:
    from extractor.page import Page


_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])"
_TAIL = r"(?:初|底|末|份|中下旬|[上中下]旬)"
_COUNT = r"[一二两三四五六七八九十\d]{1,2}"
_WEEK = "一二三四五六日"


def _of_unit(*units: str) -> str:
    told = sorted((row["word"] for row in rows("moments") if row["unit"] in units), key=len, reverse=True)
    return "|".join(told)


_PART = re.compile(
    rf"的?(?:(?P<month>{_MONTH})月{_TAIL}?(?:(?P<day>{_DAY})[日号])?"
    r"|(?P<half>[上下]半)年?|第?(?P<quarter>[一二三四1-4])季度?(?P<quarter_end>末)?|年?(?P<edge>[初底末终])|年(?P<middle>中)(?!国)"
    r"|(?P<season>[春夏秋冬])[天季]?(?!节)|(?P<year_span>(?:1[0-2]|[1-9])月?[-至到~—](?:1[0-2]|[1-9])月))"
)
_NUMBERED = (
    r"(?P<iso>(?:19|20)\d{2}[-/.](?:0?[1-9]|1[0-2])[-/.](?:3[01]|[12]\d|0?[1-9])(?!\d))",
    r"(?P<iso_month>(?<![\d.-])20\d{2}-(?:0[1-9]|1[0-2])(?![\d-]))",
    r"(?<!\d)(?P<short_year>[012]\d)年(?P<short_month>1[0-2]|0?[1-9])月(?:(?P<short_day>3[01]|[12]\d|0?[1-9])[日号])?",
    r"(?P<span>(?<![\d.])(?:1[0-2]|[1-9])月?份?[-至到~—](?:1[0-2]|[1-9])月)",
    r"(?P<year>(?:19|20)\d{2}|[一二][九〇零][〇零一二三四五六七八九]{2})年度?",
    r"(?<![\d.\-/至个一二三四五六七八九十])(?P<bare>1[0-2]|0?[1-9]|(?<![一-龥])(?:十[一二]?|[一二三四五六七八九]))月"
    rf"{_TAIL}?间?(?:(?P<bare_day>{_DAY})[日号])?(?!期|薪|度|工)",
    rf"(?P<ago>{_COUNT})(?P<ago_unit>个多?月|年|天|周|星期)(?:之|以)?前(?!期|后)",
    rf"(?<![\d.满])(?P<later>{_COUNT})(?P<later_unit>个多?月|年|天)(?:之|以)?后(?=[，]|轮)",
    r"(?<![\d.\-/月至到~])(?P<only>3[01]|[12]\d|[1-9])日(?!元|均|常|本|圆)(?=[，、,上下晚)]|[\u4e00-\u9fff])",
    r"(?<=[，。；：(、\s第])(?P<bare_quarter>[一二三四])季度(?P<bare_quarter_end>末)?",
)
_WORDED = (
    rf"(?P<year_word>{_of_unit('year')})",
    rf"(?P<month_word>{_of_unit('month')})(?:{_TAIL}|中(?=[，。]))?(?:(?P<month_day>{_DAY})[日号])?",
    rf"(?P<day_word>{_of_unit('day', 'recent', 'edge')})(?!历|薪|息)",
    rf"(?P<week>{_of_unit('week')})(?P<weekday>[{_WEEK}天])?",
)
_OTHER = (
    r"(?<=[，。；：(\n])周(?P<this_week>[一二三四五六日])(?=[，上下晚一-龥)])",
    r"(?<![去今前本同明当])(?P<bare_half>[上下]半年)",
    r"(?P<half_ago>半年多?(?:之|以)?前)",
    rf"[又再]过了?(?P<more>{_COUNT})(?P<more_unit>个多?月|年|天)",
    rf"再?往前[推数倒]?(?P<back>{_COUNT})(?P<back_unit>个月|年|天)",
    r"(?<![\d一二三四五六七八九十])月(?P<month_edge>[初底末])",
)
_NUMERALS = "0-9〇零一二两三四五六七八九十"
_TRIGGERS = (
    re.compile(
        rf"[{_NUMERALS}](?<![{_NUMERALS}][{_NUMERALS}])[{_NUMERALS}]*+"
        rf"(?=[月日季\-/.至到~—]|个多?月|(?:[年天周]|星期)[之以]?[前后]|年[0-9]|(?<=[{_NUMERALS}]{{4}})年)"
    ),
    re.compile(
        r"[周上下半又再往月]"
        r"(?=(?<=周)[一二三四五六日]|(?<=[上下])半年|(?<=半)年|(?<=[又再])过|(?<=再)往前|(?<=往)前|(?<=月)[初底末])"
    ),
    re.compile(_of_unit("year", "month", "day", "recent", "edge", "week")),
)
"""Where a date may begin: each pattern starts with one set of characters, which `re` skips to fast."""
_FORMS = (*_NUMBERED, *_WORDED, *_OTHER)
_DATE = re.compile("|".join(_FORMS))
_TOGETHER = {name: tuple(names) for names in (re.compile(form).groupindex for form in _FORMS) for name in names}
"""The named groups of the form that holds a group: those of the other forms are empty where it is told."""


class Dates:
    """Dates as ISO strings."""

    kind = "date"

    def find(self, page: Page) -> Iterator[Mark]:
        """Marks whose value is 2024, 2024-12, 2024-12-03, 2024-Q3 or 2024-H1. Relative ones need `published`."""
        reader, at = Dating(page.published, page.text), 0
        for start in sorted([found.start() for trigger in _TRIGGERS for found in trigger.finditer(page.text)]):
            match = _DATE.match(page.text, start) if start >= at else None
            if match is None:
                continue
            group = {name: told for name in _TOGETHER[match.lastgroup or ""] if (told := match[name])}
            at = match.end()
            if ("year" in group or "year_word" in group) and (part := _PART.match(page.text, at)):
                group |= {name: told for name, told in part.groupdict().items() if told}
                at = part.end()
            value = reader.resolve(group, start)
            if value and is_real(value):
                reader.learn(value, group, at)
                yield Mark(self.kind, match.start(), at, value)

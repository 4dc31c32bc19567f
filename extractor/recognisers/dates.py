"""When something happened: 2024年12月, 今年3月, 去年底, 同年5月, 三季度, 近日; ISO with the precision told.

Relative words are resolved with the article's day; without it they stay unread. 近日 and 日前 are the article's month,
年底 and 年末 are December, 年初 is January (GUIDELINES.md, "Settled questions").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from extractor.recognisers.base import Mark

if TYPE_CHECKING:
    from extractor.page import Page

_YEAR = r"(?P<year>(?:19|20)\d{2})年?(?:度)?|(?P<word>今年|本年|去年|上年|前年|明年|当年|同年|次年|翌年|第二年|该年)"
_PART = r"(?P<half>上半年|下半年)|(?:第?(?P<quarter>[一二三四1-4])季度?)|(?P<edge>年?初|年?底|年?末|年终|岁末|年中)"
_DATE = re.compile(
    r"(?=[0-9今本去上前明当同次翌第该近日不昨刚年岁月一二两三四五六七八九十])"
    rf"(?:(?P<iso>(?:19|20)\d{{2}}[-/.](?:0?[1-9]|1[0-2])[-/.](?:3[01]|[12]\d|0?[1-9])(?!\d))"
    rf"|(?:{_YEAR})(?:的)?"
    rf"(?:(?P<month>1[0-2]|0?[1-9])月(?P<tail>初|底|末|份)?(?:(?P<day>3[01]|[12]\d|0?[1-9])[日号])?|{_PART})?"
    r"|(?<![\d.\-/至个])(?P<bare>1[0-2]|0?[1-9])月(?P<btail>初|底|末|份)?"
    r"(?:(?P<bday>3[01]|[12]\d|0?[1-9])[日号])?(?!期|薪)"
    r"|(?P<month_of>本月|上月|当月|同月|上个月)(?:(?P<month_day>3[01]|[12]\d|0?[1-9])[日号])?"
    r"|(?P<rel>近日|日前|近期|前不久|不久前|今日|今天|当日|当天|昨日|昨天|昨晚|今晚|前天"
    r"|上周|本周|刚刚|年初|年底|年末|岁末|月初|月底)"
    r"|(?<=[，。（(、\s])(?P<bquarter>[一二三四])季度(?!末)"
    r"|(?P<ago>[一二两三四五六七八九十\d]{1,2})(?P<agou>个月|年|天)前"
    r"|(?<![\d.\-/月至])(?P<only>3[01]|[12]\d|[1-9])日(?=[，,上下晚]|[\u4e00-\u9fff]))"
)
_CHINESE = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2}


class Dates:
    """Dates as ISO strings."""

    kind = "date"

    def find(self, page: Page) -> Iterator[Mark]:
        """Marks whose value is 2024, 2024-12, 2024-12-03, 2024-Q3 or 2024-H1. Relative ones need `published`."""
        reader = _Reader(page.published)
        for match in _DATE.finditer(page.text):
            value = reader.read(match)
            if value and _is_real(value):
                reader.day = value if len(value) == 10 else reader.day
                yield Mark(self.kind, match.start(), match.end(), value)


def _is_real(value: str) -> bool:
    """Whether a date exists in the calendar (2月30日 does not) and lies in the years that news of credit tells of."""
    if not "1900" <= value[:4] <= "2100":
        return False
    try:
        return len(value) < 10 or bool(date.fromisoformat(value))
    except ValueError:
        return False


@dataclass
class _Reader:
    """Reads dates in order: 同年 and 次年 lean on the year told last."""

    today: date | None
    anchor: int | None = None
    month: int | None = None
    day: str | None = None

    def read(self, match: re.Match[str]) -> str | None:
        group = match.groupdict()
        if group["iso"]:
            return self._iso(group["iso"])
        if group["month_of"]:
            return self._month_of(group["month_of"], group["month_day"])
        if group["rel"]:
            return self._relative(group["rel"])
        if group["bare"]:
            return self._bare(int(group["bare"]), group["bday"])
        if group["bquarter"]:
            return f"{self.today.year}-Q{_CHINESE[group['bquarter']]}" if self.today else None
        if group["ago"]:
            return self._ago(group["ago"], group["agou"])
        if group["only"]:
            return self._only(int(group["only"]))
        return self._told(match.group(), group)

    def _iso(self, told: str) -> str:
        year, month, day = (int(part) for part in re.split(r"[-/.]", told))
        self.anchor, self.month = year, month
        return f"{year}-{month:02}-{day:02}"

    def _told(self, told: str, group: dict[str, str | None]) -> str | None:
        if group["year"] and "年" not in told and not group["month"]:
            return None
        year = self._year(group)
        if year is None:
            return None
        self.anchor = year
        if group["month"]:
            self.month = int(group["month"])
            return f"{year}-{self.month:02}" + (f"-{int(group['day']):02}" if group["day"] else "")
        if group["half"]:
            return f"{year}-{'H1' if group['half'] == '上半年' else 'H2'}"
        if group["quarter"]:
            quarter = group["quarter"]
            return f"{year}-Q{_CHINESE.get(quarter) or int(quarter)}"
        if group["edge"]:
            return f"{year}-{'01' if '初' in group['edge'] else '06' if '中' in group['edge'] else '12'}"
        return str(year)

    def _year(self, group: dict[str, str | None]) -> int | None:
        if group["year"]:
            return int(group["year"])
        word, today = group["word"], self.today
        if word in ("同年", "当年", "该年"):
            return self.anchor or (today.year if today else None)
        if word in ("次年", "翌年", "第二年"):
            return self.anchor + 1 if self.anchor else None
        if today is None:
            return None
        return today.year + {"今年": 0, "本年": 0, "去年": -1, "上年": -1, "前年": -2, "明年": 1}[word or ""]

    def _bare(self, month: int, day: str | None) -> str | None:
        """A month without a year is the last such month before the article."""
        if self.today is None:
            return None
        year = self.today.year - (month > self.today.month)
        self.anchor, self.month = year, month
        return f"{year}-{month:02}" + (f"-{int(day):02}" if day else "")

    def _only(self, day: int) -> str | None:
        """A day alone belongs to the article's month, or to the one before where that day is still to come."""
        if self.today is None:
            return None
        first = self.today.replace(day=1)
        month = first if day <= self.today.day else (first - timedelta(days=1)).replace(day=1)
        return f"{month.year}-{month.month:02}-{day:02}"

    def _ago(self, count: str, unit: str) -> str | None:
        if self.today is None:
            return None
        number = int(count) if count.isdecimal() else _CHINESE.get(count, 10)
        if unit == "天":
            return (self.today - timedelta(days=number)).isoformat()
        if unit == "年":
            return str(self.today.year - number)
        months = self.today.year * 12 + self.today.month - 1 - number
        return f"{months // 12}-{months % 12 + 1:02}"

    def _month_of(self, word: str, day: str | None) -> str | None:
        """本月 and 上月 lean on the article's day, 同月 and 当月 on the month told last."""
        if word in ("同月", "当月") and self.anchor and self.month:
            month = f"{self.anchor}-{self.month:02}"
        elif self.today is None:
            return None
        else:
            first = self.today.replace(day=1)
            month = f"{first - timedelta(days=1) if word in ('上月', '上个月') else first:%Y-%m}"
        return month + (f"-{int(day):02}" if day else "")

    def _relative(self, word: str) -> str | None:
        if self.today is None:
            return None
        today = self.today
        if word in ("当日", "当天"):
            return self.day or today.isoformat()
        if word in ("今日", "今天", "今晚"):
            return today.isoformat()
        if word in ("昨日", "昨天", "昨晚", "前天"):
            return (today - timedelta(days=2 if word == "前天" else 1)).isoformat()
        if word == "年初":
            return f"{today.year}-01"
        if word in ("年底", "年末", "岁末"):
            return f"{today.year - (today.month < 11)}-12"
        if word == "上周":
            return f"{today - timedelta(days=7):%Y-%m}"
        return f"{today:%Y-%m}"

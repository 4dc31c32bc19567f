"""What a told date means: 今年3月 leans on the article's day, 同年 and 次日 on the date told last.

What leans on the article's day (今年, 昨日, 上周五) stays unread without it; `data/moments.csv` says which does.
近日 and 日前 are the article's month, 年底 and 年末 December, 年初 January (GUIDELINES.md, "Settled questions").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from extractor.data import rows

Groups = dict[str, str]
"""The named parts of a match of `recognisers/dates.py`, in order."""

_CHINESE = {c: i for i, c in enumerate("〇一二三四五六七八九十")} | {"零": 0, "两": 2, "半": 0.5}
_EDGE = {"初": 1, "中": 6, "底": 12, "末": 12, "终": 12}
_SEASONS = {"春": 1, "夏": 4, "秋": 7, "冬": 10}
_NEAR = 120  # characters within which a month or a day leans on the date told before it
_WEEK = "一二三四五六日"


@cache
def moments() -> dict[str, tuple[str, str, int]]:
    """Relative words: what each leans on (article, told, strict: told or nothing), its unit, and how many it goes."""
    return {row["word"]: (row["of"], row["unit"], int(row["by"])) for row in rows("moments")}


def is_real(value: str) -> bool:
    """Whether a date exists in the calendar (2月30日 does not) and lies in the years that news of credit tells of."""
    if not "1900" <= value[:4] <= "2100":
        return False
    try:
        return len(value) < 10 or bool(date.fromisoformat(value))
    except ValueError:
        return False


def _number(told: str) -> int:
    """3, 三, 十二, 二十一, 二〇二四 as a number."""
    if told.isdecimal() and told.isascii():
        return int(told)
    if "十" in told:
        tens, _, ones = told.partition("十")
        return int(10 * (_CHINESE[tens] if tens else 1) + (_CHINESE[ones] if ones else 0))
    return int("".join(str(_CHINESE[c]) if c in _CHINESE else c for c in told))


def _month_of(value: str) -> tuple[int, int] | None:
    """Year and month of a told month or day."""
    return (int(value[:4]), int(value[5:7])) if value[5:7].isdecimal() else None


def _shifted(year: int, month: int, by: int) -> str:
    months = year * 12 + month - 1 + by
    return f"{months // 12}-{months % 12 + 1:02}"


@dataclass
class Dating:
    """Reads dates in order. `told` is the date told last, `at` its end; `year`, `month` and `day` the last of each."""

    today: date | None
    text: str
    told: str = ""
    at: int = -1
    year: int | None = None
    month: str | None = None
    day: str | None = None
    season: int = 0
    start: int = 0

    def learn(self, value: str, group: Groups, end: int) -> None:
        """Remember a date, for those that lean on it."""
        if "day_word" in group and moments()[group["day_word"]][1] != "day":
            return
        self.told, self.at, self.year = value, end, int(value[:4])
        self.season = _SEASONS.get(group.get("season", ""), 0)
        if _month_of(value):
            self.month = value[:7]
        if len(value) == 10:
            self.day = value

    def resolve(self, group: Groups, start: int) -> str | None:
        """A date as ISO; None for what is none, or leans on what is not known."""
        self.start = start
        try:
            return _READERS[next(iter(group))](self, group)
        except (ValueError, OverflowError):  # days before the calendar's first year
            return None

    def _iso(self, group: Groups) -> str:
        year, *rest = (int(part) for part in re.split(r"[-/.]", group.get("iso") or group["iso_month"]))
        return "-".join([str(year), *(f"{part:02}" for part in rest)])

    def _short_year(self, group: Groups) -> str:
        return _day(2000 + int(group["short_year"]), int(group["short_month"]), group.get("short_day"))

    def _none(self, _: Groups) -> None:
        return None

    def _of_year(self, group: Groups) -> str | None:
        year = _number(group["year"]) if "year" in group else self._year(group["year_word"])
        if year is None or "year_span" in group:
            return None
        if group.get("month"):
            return _day(year, _number(group["month"]), group.get("day"))
        if group.get("half"):
            return f"{year}-{'H1' if group['half'] == '上半' else 'H2'}"
        if group.get("quarter"):
            return _quarter(year, group["quarter"], group.get("quarter_end"))
        edge = group.get("edge") or group.get("middle")
        return f"{year}-{_EDGE[edge]:02}" if edge else str(year)

    def _year(self, word: str) -> int | None:
        of, _, by = moments()[word]
        if of == "told" and self.year is not None:
            return self.year + by
        return self.today.year + by if self.today and (of == "article" or not by) else None

    def _near(self) -> str:
        """The date told just before this one in the same line."""
        near = 0 <= self.start - self.at <= _NEAR and "\n" not in self.text[self.at : self.start]
        return self.told if near else ""

    def _bare(self, group: Groups) -> str | None:
        """A month alone: of a past year just told up to its month or season, else the last before the article."""
        if self.today is None:
            return None
        month = _number(group["bare"])
        year = self.today.year - (month > self.today.month)
        near = self._near()
        since = _month_of(near)
        first = since[1] if since else self.season
        if near and first and int(near[:4]) < year and month >= first:
            year = int(near[:4])
        return _day(year, month, group.get("bare_day"))

    def _month_word(self, group: Groups) -> str | None:
        """本月 and 上月 lean on the article's day, 同月 and 次月 on the month told last."""
        of, _, by = moments()[group["month_word"]]
        if of == "told" and self.month:
            month = _shifted(int(self.month[:4]), int(self.month[5:]), by)
        elif self.today is None:
            return None
        else:
            month = _shifted(self.today.year, self.today.month, by)
        day = group.get("month_day")
        return month + (f"-{_number(day):02}" if day else "")

    def _day_word(self, group: Groups) -> str | None:
        of, unit, by = moments()[group["day_word"]]
        if unit == "edge":
            return self._edge(by)
        if unit == "recent":
            return f"{self.today.year}-{self.today.month:02}" if self.today else None
        if of == "strict" or (of == "told" and (self.day or by)):
            return self._from_day(by)
        return (self.today + timedelta(days=by)).isoformat() if self.today else None

    def _from_day(self, by: int) -> str | None:
        try:
            return (date.fromisoformat(self.day) + timedelta(days=by)).isoformat() if self.day else None
        except (ValueError, OverflowError):
            return None

    def _edge(self, month: int) -> str | None:
        """年初, 年底: of a past year just told, else of the article's, or where it is still far off the one before."""
        if self.today is None:
            return None
        near = self._near()
        if near and int(near[:4]) < self.today.year:
            return f"{near[:4]}-{month:02}"
        return f"{self.today.year - (month - 1 > self.today.month)}-{month:02}"

    def _week(self, group: Groups) -> str | None:
        """上周五 is a day; 上周 alone is its month."""
        if self.today is None:
            return None
        by = moments()[group["week"]][2]
        weekday = group.get("weekday")
        if not weekday:
            return f"{self.today + timedelta(days=7 * by):%Y-%m}"
        monday = self.today - timedelta(days=self.today.weekday())
        return (monday + timedelta(days=7 * by + _WEEK.index("日" if weekday == "天" else weekday))).isoformat()

    def _this_week(self, group: Groups) -> str | None:
        """周三 is the last Wednesday up to the article's day."""
        if self.today is None:
            return None
        back = (self.today.weekday() - _WEEK.index(group["this_week"])) % 7
        return (self.today - timedelta(days=back)).isoformat()

    def _bare_quarter(self, group: Groups) -> str | None:
        if self.today is None:
            return None
        quarter = _number(group["bare_quarter"])
        year = self.today.year - (quarter * 3 - 2 > self.today.month)
        return _quarter(year, str(quarter), group.get("bare_quarter_end"))

    def _bare_half(self, group: Groups) -> str | None:
        if self.today is None:
            return None
        second = group["bare_half"] == "下半年"
        return f"{self.today.year - (second and self.today.month < 7)}-H{1 + second}"

    def _ago(self, group: Groups) -> str | None:
        """三个月前, two from the article's day back."""
        if self.today is None:
            return None
        if group.get("half_ago"):
            return _shifted(self.today.year, self.today.month, -6)
        number, unit = _number(group["ago"]), group["ago_unit"]
        if unit in ("天", "周", "星期"):
            days = number if unit == "天" else 7 * number
            return (self.today - timedelta(days=days)).isoformat()
        if unit == "年":
            return str(self.today.year - number)
        return _shifted(self.today.year, self.today.month, -number)

    def _later(self, group: Groups) -> str | None:
        """又过一年, 两年后, 再往前推一个月: counted from the date told last."""
        name = next(name for name in ("more", "later", "back") if group.get(name))
        number, unit = _number(group[name] or ""), group[f"{name}_unit"] or ""
        number = -number if name == "back" else number
        if unit == "年":
            return str(self.year + number) if self.year is not None else None
        if unit == "天":
            return self._from_day(number)
        return _shifted(int(self.month[:4]), int(self.month[5:]), number) if self.month else None

    def _month_edge(self, _: Groups) -> str | None:
        """月底: of the month just told, else of the article's."""
        near = _month_of(self._near())
        if near:
            return f"{near[0]}-{near[1]:02}"
        return f"{self.today:%Y-%m}" if self.today else None

    def _only(self, group: Groups) -> str | None:
        """A day alone: of the month just told, else of the article's, or the one before where that day is to come."""
        day = int(group["only"])
        near = _month_of(self._near())
        if near:
            return _day(*near, str(day))
        if self.today is None:
            return None
        first = self.today.replace(day=1)
        month = first if day <= self.today.day else (first - timedelta(days=1)).replace(day=1)
        return _day(month.year, month.month, str(day))


def _day(year: int, month: int, day: str | None) -> str:
    return f"{year}-{month:02}" + (f"-{_number(day):02}" if day else "")


def _quarter(year: int, quarter: str, end: str | None) -> str:
    """2024-Q3; its end (三季度末) is a month."""
    number = _number(quarter)
    return f"{year}-{number * 3:02}" if end else f"{year}-Q{number}"


_READERS = {
    "iso": Dating._iso,
    "iso_month": Dating._iso,
    "short_year": Dating._short_year,
    "span": Dating._none,
    "year": Dating._of_year,
    "year_word": Dating._of_year,
    "bare": Dating._bare,
    "month_word": Dating._month_word,
    "day_word": Dating._day_word,
    "week": Dating._week,
    "this_week": Dating._this_week,
    "bare_quarter": Dating._bare_quarter,
    "bare_half": Dating._bare_half,
    "ago": Dating._ago,
    "half_ago": Dating._ago,
    "more": Dating._later,
    "later": Dating._later,
    "back": Dating._later,
    "month_edge": Dating._month_edge,
    "only": Dating._only,
}
"""What reads a date, by the part that its form begins with: the first of its groups."""

"""Sums of money: 1.5亿元至2亿元, 近3000万, 不超过3亿元, 千万元级, 一亿两千万元, 65,000.00万元; not 3000万户."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.sums import BEYOND
from extractor.data import table
from extractor.model import Amount
from extractor.recognisers.base import Mark

if TYPE_CHECKING:
    from extractor.page import Page

_NUMBER = r"(?:\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,6})?|\d{1,12}(?:\.\d{1,6})?)"
_CHINESE = r"[一二两三四五六七八九十百千万亿零]{1,12}"
_UNIT = r"(?:万亿|千亿|百亿|十亿|亿|千万|百万|十万|万)"
_CURRENCY = r"(?:元人民币|美元|美金|港元|港币|欧元|日元|英镑|元|块钱|人民币)"
_BEFORE = (
    r"(?:不低于|不少于|至少|超过|超|逾|突破|高达|不超过|不高于|不多于|最高可达|最高不超过|最高可[借贷获]|最高达?|最多可?[借贷获达]?|上限分别为|分别不超过|上限(?:为|是)?|封顶|"
    r"至多|将近|接近|大约|约为|约|近)"
)
_SUM = re.compile(
    rf"(?=[0-9一二两三四五六七八九十百千万亿人美港UH$¥不至超逾突高最上将接大约近封分等])(?P<before>{_BEFORE})?(?:等值)?(?P<head>人民币|美元|港币|US\$|HK\$|\$|¥)?"
    rf"(?:(?P<low>{_NUMBER})(?P<low_more>余|多)?(?P<low_unit>{_UNIT})?(?P<low_cur>{_CURRENCY})?(?:至|到|-|~|—|–))?"
    rf"(?P<num>{_NUMBER}|{_CHINESE})(?P<more>余|多)?(?P<unit>{_UNIT})?(?P<more2>余|多)?(?P<cur>{_CURRENCY})?"
    rf"(?P<after>人民币|级|以上|以内|以下|为限|封顶|左右|上下|出头|多|余)?(?P<last>人民币|美元|港元)?"
)
_COUNTED = re.compile(r"[\s]?[字户家台套人次吨辆亩只片块张度个颗件条名粒股支枚笔项级千平公立米瓦头例篇种组GWTkm%倍分]")
_FACTOR = {
    "": 1,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "万": 10**4,
    "十亿": 10**9,
    "百亿": 10**10,
    "千亿": 10**11,
    "亿": 10**8,
    "万亿": 10**12,
}
_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}


class Amounts:
    """Sums in units of the currency, with qualifier."""

    kind = "amount"

    def find(self, page: Page) -> Iterator[Mark]:
        """Marks whose value is an `Amount`."""
        text = page.text
        last: Mark | None = None
        for match in (match for start, end in _runs(text) for match in _SUM.finditer(text, start, end)):
            amount = _amount(match, text)
            if amount is None:
                continue
            if last is not None and _LISTED.fullmatch(text[last.end : match.start()]):
                amount = _as_before(amount, last.value)
            last = Mark(self.kind, match.start(), match.end(), amount)
            yield last


_LISTED = re.compile(r"、|和|及|以及")
_MONEY = re.compile(r"[万亿元币钱镑金$¥]")
_SIGNS = frozenset(re.findall(r"[一-龥]", _SUM.pattern)) | frozenset("0123456789,.USHK$¥-~—–")
_RUN = re.compile(rf"[{re.escape(''.join(sorted(_SIGNS)))}]*")


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Where sums may stand: each lies in one run of signs that sums are made of, and holds one of units or currencies.

    What is found in the other runs is no sum, and looking for sums everywhere takes `re` long.
    """
    end = 0
    for money in _MONEY.finditer(text):
        start = money.start()
        if start >= end:
            while start > end and text[start - 1] in _SIGNS:
                start -= 1
            if run := _RUN.match(text, money.start()):
                end = run.end()
            yield start, end


def _as_before(amount: Amount, before: Amount) -> Amount:
    """A sum in a list is a limit where the one before it is: 上限分别为1.4亿元、5000万元."""
    if before.qualifier == "at_most" and amount.qualifier == "exact":
        return Amount(None, amount.max, amount.currency, "at_most")
    return amount


def _amount(match: re.Match[str], text: str) -> Amount | None:
    if not any(match.group("unit", "cur", "head", "last", "low_cur")):
        return None
    group = match.groupdict()
    value = _value(match["num"], group["unit"])
    if value is None or value >= BEYOND or _is_cut(match, text) or not _is_money(match, group, text, value):
        return None
    if group["low"]:
        low = _value(group["low"], group["low_unit"] or group["unit"])
        if low is not None and low < value:
            return Amount(low, value, _currency(group), "range")
    return _qualified(value, group)


def _is_cut(match: re.Match[str], text: str) -> bool:
    """Whether it begins amid a number that is longer than any sum's."""
    start = match.start("low" if match["low"] else "num")
    return start == match.start() and text[max(0, start - 1) : start].isdecimal()


def _qualified(value: float, group: dict[str, str | None]) -> Amount:
    words = table("amount_words", "word", "qualifier")
    after = group["after"] or group["more2"] or group["more"] or ""
    qualifier = words.get(group["before"] or "") or words.get(after) or "exact"
    low = None if qualifier == "at_most" else value
    high = None if qualifier == "at_least" else value
    return Amount(low, high, _currency(group), qualifier)


def _is_money(match: re.Match[str], group: dict[str, str | None], text: str, value: float) -> bool:
    money = group["cur"] or group["head"] or group["last"] or group["low_cur"]
    numeral = match["num"]
    if numeral[0] not in "0123456789":
        if text[max(0, match.start() - 1) : match.start()] in ("数", "几", "上", "成"):
            return False
        return bool(money) and value >= 1000 and group["after"] != "多"
    if group["unit"] and not money:
        return not _COUNTED.match(text, match.end()) and group["after"] != "级"
    return bool(money) and value >= 1000 and "." not in text[match.start() - 1 : match.start()]


def _currency(group: dict[str, str | None]) -> str:
    told = (group["last"] or "", group["cur"] or "", group["head"] or "", group["low_cur"] or "")
    codes = table("currencies", "word", "code")
    return next((codes[word] for word in told if word in codes), "CNY")


def _value(numeral: str, unit: str | None) -> float | None:
    if numeral[0] in "0123456789":
        return _whole(float(numeral.replace(",", "")) * _FACTOR[unit or ""])
    number = _chinese(numeral)
    return None if number is None else _whole(number * _FACTOR[unit or ""])


def _whole(value: float) -> float:
    return round(value) if abs(value - round(value)) < 1e-3 else value


def _chinese(numeral: str) -> float | None:
    """两千三百万 is 23000000; None where the characters are no number."""
    total = section = digit = 0
    for character in numeral:
        if character in _DIGIT:
            digit = _DIGIT[character]
        elif character in "十百千":
            section += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            digit = 0
        else:
            scale = 10**4 if character == "万" else 10**8
            total = (
                (total + (section + digit or 1)) * scale
                if character == "亿"
                else total + (section + digit or 1) * scale
            )
            section = digit = 0
    return total + section + digit

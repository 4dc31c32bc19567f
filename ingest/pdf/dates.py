"""When a page appeared: the date in its masthead, or the one its maker wrote into the PDF."""

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

_DIGITS = {one: at for at, one in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "Ｏ": 0, "O": 0}
_HAN = "[零〇○一二三四五六七八九十]"
DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)\s*[年./-]\s*(?P<month>\d{1,2})\s*[月./-]\s*(?P<day>\d{1,2})(?!\d)"
    rf"|(?P<han_year>[二一]{_HAN}{{3}})年(?P<han_month>{_HAN}{{1,2}})月(?P<han_day>{_HAN}{{1,3}})日"
)
_MADE = re.compile(r"D?:?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:([+-])(\d\d)'?(\d\d)?|Z)?")


def read_date(text: str, zone: ZoneInfo) -> datetime | None:
    """The midnight in `zone`, as UTC, with which the first date in a text begins; None where there is none."""
    for found in DATE.finditer(text):
        if found["year"]:
            year, month, day = (int(found[name]) for name in ("year", "month", "day"))
        else:
            year = int("".join(str(_DIGITS[one]) for one in found["han_year"]))
            month, day = _number(found["han_month"]), _number(found["han_day"])
        try:
            return datetime(year, month, day, tzinfo=zone).astimezone(UTC)
        except ValueError:
            continue
    return None


def read_made(told: str, zone: ZoneInfo) -> datetime | None:
    """A PDF's date (D:20260301083000+08'00', ISO 32000-1, 7.9.4); naive ones in `zone`."""
    found = _MADE.match(told.strip())
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part) if part else None for part in found.groups()[:6])
    offset: timezone | ZoneInfo = zone
    if found[7]:
        span = timedelta(hours=int(found[8]), minutes=int(found[9] or 0))
        offset = timezone(span if found[7] == "+" else -span)
    elif told.rstrip().endswith("Z"):
        offset = UTC
    try:
        moment = datetime(year or 0, month or 1, day or 1, hour or 0, minute or 0, second or 0, tzinfo=offset)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _number(told: str) -> int:
    """十五 is 15, 二十 is 20."""
    if "十" not in told:
        return int("".join(str(_DIGITS[one]) for one in told))
    tens, _, ones = told.partition("十")
    return 10 * (_DIGITS.get(tens, 1) if tens else 1) + (_DIGITS.get(ones, 0) if ones else 0)

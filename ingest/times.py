"""Times as feeds write them: RFC 822, ISO 8601, and the forms of Chinese sites, naive ones in the source's zone."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from zoneinfo import ZoneInfo

_CHINESE = re.compile(
    r"(\d{4})[年/.-](\d{1,2})[月/.-](\d{1,2})日?"
    r"(?:\s*[(]?(?:星期|周)[一二三四五六日天][)]?)?"
    r"(?:\s*(?P<half>凌晨|早上|上午|中午|下午|晚上|晚)?\s*(?P<hour>\d{1,2})[:时点](?:(\d{1,2})(?:[:分](\d{1,2}))?)?[秒分]?)?"
)
_AFTERNOON = ("下午", "晚上", "晚")
_SINCE_1970 = re.compile(r"[12]\d{9}(\d{3})?")  # seconds or milliseconds, as programs write them
_LONGEST = 100  # characters of a time
_CHINA_TIME = timezone(timedelta(hours=8))


def read_time(text: str, zone: ZoneInfo) -> datetime | None:
    """The moment in UTC, or None where `text` is no time; a day without a time is its midnight in `zone`."""
    text = re.sub(r"([+-]\d\d):(\d\d)$", r"\1\2", " ".join(unicodedata.normalize("NFKC", text[:_LONGEST]).split()))
    for read in (_programs, _iso, _chinese, _mail):
        try:
            found = read(text)
            if found is not None:
                return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


def _iso(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _programs(text: str) -> datetime | None:
    found = _SINCE_1970.fullmatch(text)
    return datetime.fromtimestamp(int(text[:10]), UTC) if found else None


def _chinese(text: str) -> datetime | None:
    found = _CHINESE.fullmatch(text)
    if found is None:
        return None
    year, month, day, half, *clock = found.groups()
    hour, minute, second = (int(part or 0) for part in clock)
    if half in _AFTERNOON and hour < 12:
        hour += 12
    return datetime(int(year), int(month), int(day), hour, minute, second)


def _mail(text: str) -> datetime | None:
    """RFC 822; `CST` is China's time here, where the mail library reads America's."""
    parts = parsedate_tz(text)
    if parts is None:
        return None
    moment = datetime(*parts[:6])
    if re.search(r"\b(CST|BJT)$", text):
        return moment.replace(tzinfo=_CHINA_TIME)
    offset = parts[9]
    named = re.search(r"(\b(GMT|UTC?|Z|[ECMP][SD]T)|[+-]\d{4})$", text)
    return moment.replace(tzinfo=timezone(timedelta(seconds=offset))) if named and offset is not None else moment

"""The clock on a wall: at which moment it shows a time, also on the days on which it is put forward or back."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """The IANA time zone of that name; ValueError where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"no time zone is called {name!r}") from error


def shown(day: date, at: time, zone: ZoneInfo) -> list[datetime]:
    """The moments (UTC) at which the clock shows that time: one, two where it is put back over it, none where it is
    put forward over it."""
    local = datetime.combine(day, at)
    both = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(one for one in both if one.astimezone(zone).replace(tzinfo=None) == local)


def reached(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The first moment (UTC) at which the clock shows that time, or, where it is put forward over it, the moment at
    which that is done."""
    if found := shown(day, at, zone):
        return found[0]
    local = datetime.combine(day, at)
    after, before = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return change(before, after, zone) or after


def change(first: datetime, last: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment (UTC) at which the clock is put forward or back between two moments; None where it is not."""
    first, last = first.astimezone(UTC), last.astimezone(UTC)
    before = _offset(first, zone)
    if _offset(last, zone) == before:
        return None
    while last - first > _SECOND:
        middle = (first + (last - first) // 2).replace(microsecond=0)
        first, last = (middle, last) if _offset(middle, zone) == before else (first, middle)
    return last


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()

"""Whether a moment lies in the hours of a watchlist, and when they begin. Pure.

Hours are windows {"days": [1, …], "from": "08:30", "until": "18:00"}: on those days of the week (1 Monday to 7 Sunday)
while the clock on the wall shows `from` or later and not yet `until`. A window whose `until` is not after its `from`
ends on the next day; 24:00 is the end of the day.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from alerts.rhythm import MIDNIGHT
from alerts.wall import change, reached, shown

END_OF_DAY = "24:00"
_DAY = timedelta(days=1)
Window = dict[str, Any]


def is_open(hours: Sequence[Window] | None, zone: ZoneInfo, moment: datetime) -> bool:
    """Whether a list with those hours may be told at the moment; without hours it always may."""
    if hours is None:
        return True
    local = moment.astimezone(zone)
    return any(_holds(window, local.date(), local.time()) for window in hours)


def opens(hours: Sequence[Window] | None, zone: ZoneInfo, moment: datetime) -> datetime:
    """The first moment (UTC), `moment` itself or later, at which a list with those hours may be told."""
    if hours is None or is_open(hours, zone, moment):
        return moment.astimezone(UTC)
    first = moment.astimezone(zone).date() - _DAY
    begins = (one for number in range(10) for one in _beginnings(hours, zone, first + number * _DAY))
    return min(one for one in begins if one >= moment and is_open(hours, zone, one))


def _holds(window: Window, day: date, at: time) -> bool:
    begins, until = time.fromisoformat(window["from"]), window["until"]
    today, yesterday = (one.isoweekday() in window["days"] for one in (day, day - _DAY))
    if until == END_OF_DAY:
        return today and at >= begins
    ends = time.fromisoformat(until)
    if begins < ends:
        return today and begins <= at < ends
    return (today and at >= begins) or (yesterday and at < ends)


def _beginnings(hours: Sequence[Window], zone: ZoneInfo, day: date) -> Iterator[datetime]:
    """When a window may begin on that day: at its `from`, at midnight, and where the clock is put forward or back."""
    for at in {time.fromisoformat(window["from"]) for window in hours} | {MIDNIGHT}:
        yield reached(day, at, zone)
        yield from shown(day, at, zone)
    midnight = reached(day, MIDNIGHT, zone)
    if put := change(midnight, midnight + _DAY, zone):
        yield put

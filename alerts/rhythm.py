"""When a digest is due: the end of the period that a moment falls in. Pure; periods follow the clock on the wall.

In any zone each period ends once: a time that the clock skips is reached as it is put forward, one that it shows twice
with the first.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from alerts.wall import reached

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
MIDNIGHT = time()


def end_of_hour(moment: datetime, zone: ZoneInfo) -> datetime:
    """The next moment (UTC) at which the clock shows a full hour."""
    end = moment.astimezone(UTC)
    while True:
        local = end.astimezone(zone)
        past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        if not past and end > moment:
            return end
        end += _HOUR - past  # once more where the clock was put by half an hour meanwhile


def end_of_day(moment: datetime, zone: ZoneInfo, at: time = MIDNIGHT) -> datetime:
    """The next moment (UTC) at which the clock reaches `at`."""
    return _next(moment, zone, at, None)


def end_of_week(moment: datetime, zone: ZoneInfo, at: time, day: int) -> datetime:
    """The same on a day of the week, 1 Monday to 7 Sunday."""
    return _next(moment, zone, at, day)


def _next(moment: datetime, zone: ZoneInfo, at: time, day: int | None) -> datetime:
    today = moment.astimezone(zone).date()
    days = (today + number * _DAY for number in range(9))  # a week on, also where its day is short of that time
    ends = (reached(one, at, zone) for one in days if day in (None, one.isoweekday()))
    return next(end for end in ends if end > moment)

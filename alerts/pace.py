"""How many messages a channel may take now. Pure: from the moments of the last ones."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from alerts.channels.base import Pace

_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)


def left(recent: Sequence[datetime], pace: Pace, moment: datetime) -> int:
    """How many more messages the channel takes at `moment`."""
    limits = [(pace.per_minute, _MINUTE), (pace.per_second, _SECOND), (pace.per_hour, _HOUR)]
    return max(0, min(most - _within(recent, moment, span) for most, span in limits if most is not None))


def wait(recent: Sequence[datetime], pace: Pace, moment: datetime, messages: int) -> float:
    """Seconds until it takes `messages` more, which are no more than the pace allows at all."""
    for pause in sorted({0.0, *(_until(one, moment, span) for one in recent for span in (_SECOND, _MINUTE, _HOUR))}):
        if left(recent, pace, moment + timedelta(seconds=pause)) >= messages:
            return pause
    return _span(pace).total_seconds()


def kept(recent: Sequence[datetime], moment: datetime, messages: int, pace: Pace) -> list[datetime]:
    """The moments to remember after `messages` more at `moment`."""
    return [one for one in recent if moment - one < _span(pace)] + [moment] * messages


def _span(pace: Pace) -> timedelta:
    """For how long a message counts."""
    return _MINUTE if pace.per_hour is None else _HOUR


def _within(recent: Sequence[datetime], moment: datetime, span: timedelta) -> int:
    return sum(moment - one < span for one in recent)


def _until(one: datetime, moment: datetime, span: timedelta) -> float:
    return max(0.0, (one + span - moment).total_seconds())

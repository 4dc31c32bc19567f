"""When a source is asked again. Pure."""

import random
from datetime import timedelta

_JITTER = 0.1  # so that sources that were added together do not stay together
_LONGEST_TTL = timedelta(hours=1)  # a feed's own wish is heard this far: the product lives by being early
_LONGEST_BACK_OFF = timedelta(hours=6)


def after_success(interval: timedelta | None, *, default: timedelta, ttl: timedelta | None = None) -> timedelta:
    """The source's own interval; without one the default or, if that is longer, the feed's <ttl>."""
    wished = interval or max(default, min(ttl or timedelta(), _LONGEST_TTL))
    return _jittered(wished)


def after_failure(interval: timedelta, *, failures: int, retry_after: timedelta | None = None) -> timedelta:
    """Twice as long after each failure in a row (the first is number 1), and never before Retry-After."""
    doubled = interval * 2 ** min(failures - 1, 16)
    pause = _jittered(min(doubled, max(interval, _LONGEST_BACK_OFF)))
    return max(pause, retry_after or timedelta())


def _jittered(pause: timedelta) -> timedelta:
    return pause * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 (spreads load, hides nothing)

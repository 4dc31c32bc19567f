"""When a source is asked again. Pure; all times in seconds.

A source is asked about twice for each article that its rhythm lets expect, and ever less often while it is silent. What
it asks for itself (TTL, Retry-After, max-age, Expires) is obeyed as far as its longest interval.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

_JITTER = 0.1  # so that sources that were added together do not stay together
_POLLS_PER_ARTICLE = 2.0
_SILENCE_SHARE = 1 / 8  # of a silence may pass before its end is noticed
_MEMORY = 0.2  # weight of the newest gap between two articles in the rhythm
_MOST_DOUBLINGS = 16
_LEAST_TIMES = 3  # articles with a time in a first body that tell a rhythm


@dataclass(frozen=True, slots=True)
class Limits:
    """Within which a source is asked; a `fixed` interval overrules its rhythm and all it asks for but Retry-After."""

    shortest: float
    longest: float
    fixed: float | None = None

    @property
    def most(self) -> float:
        """The longest pause there may be."""
        return max(self.longest, self.shortest, self.fixed or 0.0)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the source asks for: its feed's TTL, and its answer's Retry-After, max-age and Expires; 0 where nothing."""

    ttl: float = 0.0
    retry_after: float = 0.0
    max_age: float = 0.0
    expires: float = 0.0

    def floor(self, limits: Limits) -> float:
        """Before which it is not asked again."""
        wished = (self.retry_after,) if limits.fixed else (self.ttl, self.retry_after, self.max_age, self.expires)
        return min(max(0.0, *wished), limits.most)


def after_success(
    limits: Limits, wishes: Wishes = Wishes(), *, rhythm: float | None = None, silence: float = 0.0
) -> float:
    """The pause after an answer: the largest of the interval and the wishes, at most the longest interval."""
    floor = wishes.floor(limits)
    return _jittered(max(interval(limits, rhythm, silence), floor), floor, limits.most)


def after_failure(limits: Limits, *, failures: int, retry_after: float = 0.0) -> float:
    """Twice as long after each failure in a row (the first is number 1), and never before Retry-After."""
    doubled = (limits.fixed or limits.shortest) * 2.0 ** min(failures - 1, _MOST_DOUBLINGS)
    floor = min(max(retry_after, 0.0), limits.most)
    return _jittered(max(min(doubled, limits.most), floor), floor, limits.most)


def interval(limits: Limits, rhythm: float | None, silence: float) -> float:
    """The source's own: by its rhythm, longer in a silence, within its limits."""
    if limits.fixed:
        return limits.fixed
    own = max((rhythm or 0.0) / _POLLS_PER_ARTICLE, max(silence, 0.0) * _SILENCE_SHARE)
    return min(max(own, limits.shortest), limits.most)


def new_rhythm(rhythm: float | None, *, articles: int, elapsed: float) -> float | None:
    """The smoothed time between two articles, after `articles` new ones in the `elapsed` time since those before them.

    Many at once weigh as much as the same number one after another would.
    """
    if articles <= 0 or elapsed <= 0:
        return rhythm
    gap = elapsed / articles
    if rhythm is None:
        return gap
    weight = 1 - (1 - _MEMORY) ** articles
    return rhythm + weight * (gap - rhythm)


def first_rhythm(published: Sequence[datetime]) -> float | None:
    """What a first body tells of its source's rhythm: the median time between two of its articles that tell theirs."""
    times = sorted(moment.timestamp() for moment in published)
    if len(times) < _LEAST_TIMES:
        return None
    gaps = sorted(after - before for before, after in pairwise(times))
    return gaps[len(gaps) // 2] or None


def _jittered(pause: float, floor: float, most: float) -> float:
    spread = pause * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 (spreads load, hides nothing)
    return min(max(spread, floor), most)

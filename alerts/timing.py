"""When what a list asked for is told: now, later in a digest, or never. Pure.

A muted list is told nothing, and nothing is kept for it. What comes outside a list's hours waits until they begin; what
a rhythm gathers, and mentions beyond the day's cap, wait until their period ends and the list's hours let it out.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from alerts.hours import opens
from alerts.rhythm import MIDNIGHT, end_of_day, end_of_hour, end_of_week
from alerts.wall import zone_of

TIMES = ("zone", "hours", "rhythm", "rhythm_time", "rhythm_day", "muted_until", "mention_cap")
"""The columns of a list's row that are read here, besides its `watchlist_id`."""


@dataclass(frozen=True)
class Wait:
    """Until when (UTC) something waits, and why: rhythm, hours or cap."""

    until: datetime
    cause: str


@dataclass
class Split:
    """Rows (one for each list and channel, or more) to tell now, and those to keep, with how long each waits."""

    now: list[Any] = field(default_factory=list)
    later: list[tuple[Any, Wait]] = field(default_factory=list)


def is_muted(watchlist: Any, moment: datetime) -> bool:
    """Whether nothing is told to a list at the moment."""
    return watchlist.muted_until is not None and bool(watchlist.muted_until > moment)


def counts(watchlist: Any, moment: datetime) -> date | None:
    """The day of its zone on which a mention counts against a list's cap; None where none counts."""
    if watchlist.rhythm != "immediate" or is_muted(watchlist, moment):
        return None
    return moment.astimezone(zone_of(watchlist.zone)).date()


def split(rows: Iterable[Any], moment: datetime, capped: Collection[Any] = ()) -> Split:
    """Who is told now and who later; muted lists are left out. `capped`: ids of lists that had their day's mentions.

    A channel that one list tells now is told for all of its lists, and no digest tells it again.
    """
    awake = [row for row in rows if not is_muted(row, moment)]
    waits = [wait(row, moment, capped=row.watchlist_id in capped) for row in awake]
    told = {row.channel_id for row, found in zip(awake, waits, strict=True) if found is None}
    made = Split()
    for row, found in zip(awake, waits, strict=True):
        if row.channel_id in told:
            made.now.append(row)
        elif found is not None:
            made.later.append((row, found))
    return made


def wait(watchlist: Any, moment: datetime, *, capped: bool = False) -> Wait | None:
    """How long what comes at the moment waits for a list that is not muted; None where it is told at once."""
    zone, cause = zone_of(watchlist.zone), "hours"
    until = moment
    if watchlist.rhythm != "immediate":
        cause, until = "rhythm", _end(watchlist, moment)
    elif capped:
        cause, until = "cap", end_of_day(moment, zone, watchlist.rhythm_time or MIDNIGHT)
    until = opens(watchlist.hours, zone, until)
    return Wait(until, cause) if until > moment else None


def _end(watchlist: Any, moment: datetime) -> datetime:
    zone, at = zone_of(watchlist.zone), watchlist.rhythm_time or time()
    if watchlist.rhythm == "hourly":
        return end_of_hour(moment, zone)
    if watchlist.rhythm == "daily":
        return end_of_day(moment, zone, at)
    return end_of_week(moment, zone, at, watchlist.rhythm_day or 1)

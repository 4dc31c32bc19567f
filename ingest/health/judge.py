"""Whether a source is well, judged at each poll. Pure.

Trouble is told late rather than often: a server that restarts, a page under repair and a quiet weekend are none. Once
it is told it stands until a poll shows the contrary.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ingest import errors

DEAD_POLLS = 5  # without an answer one after another, and
DEAD_AFTER = timedelta(hours=3)  # since the last answer
CHALLENGED_POLLS = 3  # one after another: some challenges only slow a visitor down
HOLLOW_AFTER = timedelta(hours=1)  # of answers that hold nothing, two of them at least
SILENT_TIMES = 10.0  # as long as one of its articles comes after another, and
SILENT_AFTER = timedelta(days=3)  # a weekend is shorter, or
SILENT_AFTER_OFFICE = timedelta(days=10)  # where it keeps office hours: the longest holidays in China last nine days
_OFFICE_RHYTHM = timedelta(hours=1)  # between two articles; who writes more often writes on holidays too

_READ_IN_VAIN = (errors.NothingFound, errors.BadFeed, errors.BadArticle, errors.Unreadable, errors.ReaderFailed)


@dataclass(frozen=True, slots=True)
class Health:
    """One of core.models.HEALTH, since when, and why (None where it is well)."""

    state: str = "ok"
    since: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What was known before the poll. `began`: its first poll. `failures` in a row; `last_success_at`: the last poll
    that did not fail; `last_item_at`: its last new article; `held`: it has held something; `rhythm` in seconds between
    two articles; `hollow_since`: its answers have held nothing since then."""

    began: datetime
    health: Health = Health()
    failures: int = 0
    last_success_at: datetime | None = None
    last_item_at: datetime | None = None
    held: bool = False
    rhythm: float | None = None
    hollow_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """What the poll showed: `error` where it failed, `items` that the answer held (None: it is as it was), `stored` how
    many of them are new."""

    error: Exception | None = None
    items: int | None = None
    stored: int = 0


def judge(known: Known, poll: Poll, now: datetime) -> tuple[Health, datetime | None]:
    """How the source is now, and since when its answers have held nothing (None: this one did hold something)."""
    if is_hollow(known, poll):
        since = known.hollow_since or now
        return _settled(known.health, _hollow(known, poll, since, now), now), since
    if poll.error is not None:
        return _settled(known.health, _failing(known, poll.error, now), now), known.hollow_since
    return _settled(known.health, _silent(known, poll, now) or Health(), now), None


def is_hollow(known: Known, poll: Poll) -> bool:
    """An answer in which nothing was found. An empty feed is none where it has held something: some list one day."""
    if poll.error is not None:
        return isinstance(poll.error, _READ_IN_VAIN)
    return not poll.items and not known.held


def _settled(before: Health, found: Health | None, now: datetime) -> Health:
    """What was found, since now; what stood before where nothing is found, or the same."""
    if found is None or found.state == before.state:
        return before
    return Health(found.state, now, found.reason)


def _hollow(known: Known, poll: Poll, since: datetime, now: datetime) -> Health | None:
    if now - since < HOLLOW_AFTER:
        return None
    told = f": {poll.error}" if poll.error else ""
    if known.held:
        return Health(
            "changed", reason=f"nothing is found since {_shown(since)} where there was always something{told}"
        )
    return Health("empty", reason=f"it answers, and has never held an article{told}")


def _failing(known: Known, error: Exception, now: datetime) -> Health | None:
    failures = known.failures + 1
    if isinstance(error, errors.Challenged):
        return Health("challenged", reason=str(error)) if failures >= CHALLENGED_POLLS else None
    answered = known.last_success_at or known.began
    if failures < DEAD_POLLS or now - answered < DEAD_AFTER:
        return None
    since = f"since {_shown(answered)}" if known.last_success_at else "since it was added"
    return Health("dead", reason=f"no usable answer {since}, at {failures} polls one after another: {error}")


def _silent(known: Known, poll: Poll, now: datetime) -> Health | None:
    if poll.stored or known.last_item_at is None or known.rhythm is None:
        return None
    rhythm, silence = timedelta(seconds=known.rhythm), now - known.last_item_at
    least = SILENT_AFTER if rhythm <= _OFFICE_RHYTHM else SILENT_AFTER_OFFICE
    if silence <= max(least, SILENT_TIMES * rhythm):
        return None
    told = f"no new article since {_shown(known.last_item_at)}; before, one came every {_length(rhythm)}"
    return Health("silent", reason=told)


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _length(time: timedelta) -> str:
    """The largest unit that it holds two of: 90 minutes, 3 hours, 12 days."""
    seconds = time.total_seconds()
    for size, unit in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"

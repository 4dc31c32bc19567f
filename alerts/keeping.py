"""Where matching meets time: of those who asked for a notice, who is told now, and for whom it is kept."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from alerts import digest_store
from alerts.timing import Split, Wait, counts, split
from core import clock
from core.models import Notice
from core.sql import Asker


@dataclass
class Kept:
    """One list's share of a notice that waits for one channel: a row of it, how long it waits, the names that hit."""

    row: Any
    wait: Wait
    keys: set[str] = field(default_factory=set)


def sift(session: Asker, notice: Notice, rows: Iterable[Any]) -> Split:
    """Part the rows of who asked (one for each list, name and channel; see `alerts.timing`) into now and later.

    An article's mentions count against the lists' caps of the day.
    """
    asked, moment = list(rows), clock.now()
    capped = _capped(session, asked) if notice.kind == "mention" else set()
    return split(asked, moment, capped)


def keep(
    session: Asker, notice: Notice, found: Split, data: Callable[[set[str]], dict[str, Any]] | None = None
) -> None:
    """Keep the notice for whoever is told later; `data` gives what an alert by those names would say, where it is not
    an event's."""
    kept: dict[Any, Kept] = {}
    for row, wait in found.later:
        kept.setdefault((row.channel_id, wait.until, row.watchlist_id), Kept(row, wait)).keys.add(row.key)
    for _, one in sorted(kept.items()):  # in one order for all, so that two workers wait and never deadlock
        digest_store.keep(session, notice.id, one.row, one.wait, data(one.keys) if data else None)


def _capped(session: Asker, rows: Iterable[Any]) -> set[Any]:
    """Ids of the lists that had their mentions of the day before this one."""
    moment = clock.now()
    days = {row.watchlist_id: day for row in rows if (day := counts(row, moment)) is not None}
    caps = {row.watchlist_id: row.mention_cap for row in rows}
    return {one for one, count in digest_store.count(session, days).items() if count > caps[one]}

"""A watchlist's row from the fields of a request, and back."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from api.resources.watchlists import checks, store, times
from core.models import WatchItem, Watchlist
from core.watching import expanded

PLAIN = (
    *("name", "logic", "triggers", "changed", "tech_only", "instruments", "min_amount", "min_confidence"),
    "enabled",
)


def fill(session: Session, watchlist: Watchlist, given: dict[str, Any]) -> None:
    """Set the given fields; Invalid where the whole makes no sense. The session is not to flush meanwhile."""
    for field in PLAIN:
        if field in given:
            setattr(watchlist, field, given[field])
    times.fill(watchlist, given)
    watchlist.triggers = expanded(watchlist.triggers)
    if "channels" in given:
        watchlist.channels = store.channels(session, watchlist.subscriber_id, given["channels"])
    for field, kind in store.SUBJECTS.items():
        if field in given:
            store.set_items(session, watchlist, kind, given[field], excludes=False)
    for field, values in given.get("exclude", {}).items():
        store.set_items(session, watchlist, store.EXCLUDED[field], values, excludes=True)
    if given.keys() & {*store.SUBJECTS, "exclude", "enabled"}:
        store.tick(session)
    checks.check(watchlist, _items(watchlist), {kind: field for field, kind in store.SUBJECTS.items()})


def shown(row: Watchlist) -> dict[str, Any]:
    """What the API answers."""
    items = _items(row)
    plain = {field: getattr(row, field) for field in ("id", "created_at", *PLAIN)}
    watched = {field: _told(items[kind, False]) for field, kind in store.SUBJECTS.items()}
    excluded = {field: _told(items[kind, True]) for field, kind in store.EXCLUDED.items()}
    resolved = {item.name: item.resolved for item in row.items if item.resolved}
    told = {"exclude": excluded, "resolved": resolved, "suggestions": {}}
    return {**plain, **watched, **times.shown(row), **told, "channels": [channel.id for channel in row.channels]}


def _items(row: Watchlist) -> defaultdict[tuple[str, bool], list[WatchItem]]:
    """By kind and whether they exclude, in the order in which they were named."""
    found = defaultdict(list)
    for item in sorted(row.items, key=lambda item: (item.id is None, str(item.id))):
        found[item.kind, bool(item.excludes)].append(item)
    return found


def _told(items: Iterable[WatchItem]) -> list[Any]:
    return [{"bank": item.name, "branch": item.branch} if item.branch else item.name for item in items]

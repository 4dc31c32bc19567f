"""What a digest says, from what waited for it. Pure.

An item is a row of `digest_store.take`; an entry is one event, article or source, once, whatever waits about it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.views import moment

TYPE = "digest"
EVIDENCE = "event.evidence"
MOST = 200  # entries of one message; what is beyond is counted
FEW = 5  # alerts that waited for the hours to begin and are told one by one
QUOTES = 3  # pieces of evidence of each event
_ORDER = ("events", "sources", "mentions")


@dataclass(frozen=True)
class Entry:
    """What is told of one thing: `alert` as it would be by itself, its kind of thing, what its delivery's row names."""

    part: str
    type: str
    at: datetime
    data: dict[str, Any]
    watchlists: list[str]
    event_id: UUID | None = None
    version: int | None = None
    article_id: UUID | None = None
    source_id: UUID | None = None
    notice_id: UUID | None = None

    @property
    def alert(self) -> dict[str, Any]:
        """The body of an alert of its own."""
        return {"type": self.type, "timestamp": moment(self.at), "data": {**self.data, "watchlists": self.watchlists}}


def part_of(item: Any) -> str:
    """Whether an item is of events, mentions or sources."""
    if item.event_id is not None:
        return "events"
    return "sources" if item.source_id is not None else "mentions"


def thing(item: Any) -> UUID:
    """The id of what an item is about: its event, source or article."""
    found: UUID = item.event_id or item.source_id or item.article_id
    return found


def names(items: Iterable[Any]) -> list[str]:
    """The names of the lists that asked, each once."""
    return list(dict.fromkeys(item.name for item in items))


def mentions(items: Sequence[Any]) -> Entry:
    """One article's mentions, by whichever lists."""
    last = items[-1]
    hits = {(hit["kind"], hit["name"]): hit for item in items for hit in item.data["mentions"]}
    data = {**last.data, "mentions": list(hits.values())}
    return Entry("mentions", "mention.created", last.created_at, data, names(items), article_id=last.article_id)


def source(items: Sequence[Any]) -> Entry:
    """How a source is in the end."""
    last = items[-1]
    ids = {"source_id": last.source_id, "notice_id": last.id}
    return Entry("sources", last.kind, last.created_at, last.data, names(items), **ids)


def event(items: Sequence[Any], view: dict[str, Any], *, version: int, told: dict[str, Any] | None) -> Entry | None:
    """An event as it is now (`view`, with all of its evidence); `told` are the contract fields that the channel knows.

    None where it has nothing new for the channel: it came and went, or is again as it was. Then further evidence is
    told if a list asked for that.
    """
    retracted, last = view["state"] == "retracted", items[-1]
    further = told is not None and not retracted and any(item.kind == EVIDENCE for item in items)
    previous = {name: old for name, old in (told or {}).items() if old != _plain(view.get(name))}
    if (told is None) if retracted else (told is not None and not previous and not further):
        return None
    known = "event.updated" if previous else EVIDENCE
    type_ = "event.retracted" if retracted else "event.created" if told is None else known
    latest = view["evidence"][-QUOTES:] if type_ == EVIDENCE else view["evidence"][:QUOTES]
    shown = {**view, "version": version, "evidence": latest}
    data = {"event": shown, "previous": previous if type_ == "event.updated" else None}
    of_version = None if type_ == EVIDENCE else version  # it makes none
    ids = {"event_id": UUID(view["id"]), "version": of_version, "article_id": last.article_id}
    return Entry("events", type_, last.created_at, data, names(items), **ids)


def _plain(value: Any) -> Any:
    """A field of an event's view as its versions record it: a bank or firm by its name."""
    return value["name"] if isinstance(value, dict) and "name" in value else value


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Events first, then sources and mentions, each as they came."""
    return sorted(entries, key=lambda one: (_ORDER.index(one.part), one.at))


def are_few(items: Iterable[Any], entries: Sequence[Entry]) -> bool:
    """Whether each may be an alert of its own: they only waited for the hours to begin, and are not many."""
    return len(entries) <= FEW and all(item.cause == "hours" for item in items)


def digest(items: Sequence[Any], entries: Sequence[Entry]) -> dict[str, Any]:
    """The body of the digest that tells the entries (in order), at most `MOST` of them, and counts the rest."""
    until = max(item.ends_at for item in items)
    more = entries[MOST:]
    return {
        "type": TYPE,
        "timestamp": moment(until),
        "data": {
            "since": moment(min(item.created_at for item in items)),
            "until": moment(until),
            "zone": items[-1].zone,
            "items": [one.alert for one in entries[:MOST]],
            "counts": {part: sum(one.part == part for one in entries) for part in _ORDER},
            "left_out": len(more),
            "watchlists": list(dict.fromkeys(name for one in entries for name in one.watchlists)),
        },
    }

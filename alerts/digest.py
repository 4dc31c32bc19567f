"""What waited for a channel, told in one message: take -> sort out -> word -> keep as a delivery.

One transaction takes the items of all digests of the channel that are due and makes the delivery, so that a worker
killed at any moment has told nothing or all, and digests that were missed come as one. An event is told as it is now,
once, and not where the channel knows as much already.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import structlog

from alerts import digest_store, digest_view, store
from alerts.digest_view import EVIDENCE, MOST, TYPE, Entry
from core.models import Digest
from core.sql import Asker
from core.work import DELIVER, DIGEST, announce_found, attempt

log = structlog.get_logger(__name__)


def make(digest_id: UUID) -> None:
    """Tell what waits for one digest, if it is due and nobody else does."""
    attempt(DIGEST, digest_id, tell)


def tell(session: Asker, digest: Digest) -> None:
    """Make the deliveries that tell what waits for the digest's channel; none where nothing is left to tell."""
    channel, items = digest_store.take(session, digest.channel_id)
    entries = digest_view.in_order(_entries(session, digest.channel_id, items))
    if not entries:
        return
    own = {"subscriber_id": channel.subscriber_id, "channel_id": digest.channel_id}
    if digest_view.are_few(items, entries):
        for one in entries:
            announce_found(session, DELIVER, store.add_delivery(session, **own, **_alone(one)))
        return
    columns = _columns(TYPE, digest_view.digest(items, entries), _lists(entries))
    [made] = store.add_delivery(session, **own, **columns)
    announce_found(session, DELIVER, [made])
    for number, one in enumerate(entries[:MOST]):
        ids = {"event_id": one.event_id, "version": one.version, "article_id": one.article_id}
        told = {"channel_id": digest.channel_id, "watchlists": one.watchlists, **ids}
        digest_store.enter(session, delivery_id=made.id, number=number, **told)
    log.info("digest.made", digest_id=str(digest.id), delivery_id=str(made.id), entries=len(entries))


def _entries(session: Asker, channel_id: UUID, items: Sequence[Any]) -> Iterator[Entry]:
    """Each thing once, what the channel was told already left out."""
    parts: dict[str, dict[UUID, list[Any]]] = {"events": {}, "sources": {}, "mentions": {}}
    for item in items:
        parts[digest_view.part_of(item)].setdefault(digest_view.thing(item), []).append(item)
    yield from _events(session, channel_id, parts["events"])
    last = [found[-1].id for found in parts["sources"].values()]
    told = digest_store.told_others(session, channel_id, parts["mentions"], last)
    yield from (digest_view.mentions(found) for one, found in parts["mentions"].items() if one not in told)
    yield from (digest_view.source(found) for found in parts["sources"].values() if found[-1].id not in told)


def _events(session: Asker, channel_id: UUID, found: dict[UUID, list[Any]]) -> Iterator[Entry]:
    now = digest_store.events(session, found)
    gathered: dict[UUID, list[Any]] = {}
    for event_id, items in found.items():
        gathered.setdefault(now[event_id].id, []).extend(items)
    last = {row.id: row for row in now.values()}
    told = digest_store.told_events(session, channel_id, gathered)
    for event_id, items in gathered.items():
        version, known = last[event_id].version, told.get(event_id)
        further = last[event_id].state == "live" and any(item.kind == EVIDENCE for item in items)
        if known is not None and known >= version and not further:
            continue
        facts = None if known is None else digest_store.facts(session, event_id, known)
        entry = digest_view.event(items, store.view(session, event_id, version), version=version, told=facts)
        if entry is not None:
            yield entry


def _alone(one: Entry) -> dict[str, Any]:
    """The columns of a delivery that tells one entry as if nothing had waited."""
    ids = {name: getattr(one, name) for name in ("event_id", "version", "article_id", "source_id", "notice_id")}
    return _columns(one.type, one.alert, one.watchlists) | ids


def _columns(type_: str, body: dict[str, Any], watchlists: list[str]) -> dict[str, Any]:
    none = dict.fromkeys(("event_id", "version", "article_id", "source_id", "notice_id"))
    frozen = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return {"type": type_, "watchlists": watchlists, "body": frozen, **none}


def _lists(entries: Iterable[Entry]) -> list[str]:
    return list(dict.fromkeys(name for one in entries for name in one.watchlists))

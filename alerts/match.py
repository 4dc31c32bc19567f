"""Which channels a notice is for, and what they are told."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from alerts import store
from core.clock import now
from core.models import Event, Notice, Watchlist
from core.views import event_view, moment

log = structlog.get_logger(__name__)


@dataclass
class Hit:
    """One channel's share of a notice: the watchlists that asked, and the names by which they did."""

    watchlists: list[Watchlist] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)


def match(session: Session, notice: Notice) -> list[UUID]:
    """Make the notice's deliveries, one for each channel that asked, and return them; twice changes nothing."""
    made = [delivery_id for delivery_id in _KINDS.get(notice.kind, _event)(session, notice) if delivery_id]
    notice.done_at = now()
    return made


def _canary(_: Session, __: Notice) -> Iterator[UUID | None]:
    """Nobody is told of a canary: that its notice was matched is what shows that the chain works."""
    yield from ()


def _event(session: Session, notice: Notice) -> Iterator[UUID | None]:
    assert notice.event_id is not None and notice.version is not None
    event, version = store.event(session, notice.event_id, notice.version)
    found = store.watching_event(session, event)
    told = by_channel((w, k, key) for w, k, key in found if wants(w, k, event))
    if not told:
        return
    store.read_tellers(session, event)
    for channel, hit in told:
        data = {
            "event": event_view(session, event) | {"version": notice.version},
            "previous": version.previous,
            "watchlists": [w.name for w in hit.watchlists],
        }
        yield _deliver(session, notice, channel, hit.watchlists, data)


def wants(watchlist: Watchlist, kind: str, event: Event) -> bool:
    """Whether a watchlist that watches one of the event's names wants this event.

    A list takes tech firms only unless told otherwise; naming a firm is telling otherwise. An event without an
    amount, or in another currency than 元, never matches a least amount.
    """
    if watchlist.tech_only and kind == "bank" and not event.tech:
        return False
    if watchlist.instruments and event.instrument not in watchlist.instruments:
        return False
    if event.confidence < watchlist.min_confidence:
        return False
    if watchlist.min_amount is None:
        return True
    told = event.amount_max if event.amount_max is not None else event.amount_min
    return event.currency == "CNY" and told is not None and told >= watchlist.min_amount


def by_channel(found: Iterable[tuple[Watchlist, str, str]]) -> list[tuple[Any, Hit]]:
    """Matches (watchlist, kind, key) gathered by channel: two lists with one channel make one delivery."""
    hits: dict[Any, Hit] = {}
    channels = {}
    for watchlist, _, key in found:
        for channel in watchlist.channels:
            if not channel.enabled:
                continue
            channels[channel.id] = channel
            hit = hits.setdefault(channel.id, Hit())
            hit.keys.add(key)
            if watchlist not in hit.watchlists:
                hit.watchlists.append(watchlist)
    return [(channels[channel_id], hit) for channel_id, hit in hits.items()]


def _mentions(session: Session, notice: Notice) -> Iterator[UUID | None]:
    """One delivery for each channel, naming what it watches and nothing that others do."""
    article, standing = store.mentions(session, notice.article_id)
    names = {key: row for row, keys in standing for key in keys}
    banks = {key for row, keys in standing if row.kind == "bank" for key in keys}
    found = store.watching_names(session, banks, names.keys() - banks)
    for channel, hit in by_channel(found):
        rows = {names[key].id: names[key] for key in hit.keys}
        data = {
            "article": {
                "id": str(article.id),
                "title": article.title,
                "url": article.url,
                "published": moment(article.published),
            },
            "mentions": [
                {"kind": row.kind, "name": row.name, "quote": store.around(article, row)} for row in rows.values()
            ],
            "watchlists": [w.name for w in hit.watchlists],
        }
        yield _deliver(session, notice, channel, hit.watchlists, data, type_="mention.created")


def _retraction(session: Session, notice: Notice) -> Iterator[UUID | None]:
    """Whoever was told of the event is told that it no longer stands."""
    assert notice.event_id is not None and notice.version is not None
    event, version = store.event(session, notice.event_id, notice.version)
    for channel, watchlists in store.told(session, notice.event_id):
        data = {
            "event": event_view(session, event) | {"version": notice.version},
            "previous": version.previous,
            "watchlists": watchlists,
        }
        yield _deliver(session, notice, channel, [], data)


def _deliver(
    session: Session,
    notice: Notice,
    channel: Any,
    watchlists: list[Watchlist],
    data: dict[str, Any],
    *,
    type_: str | None = None,
) -> UUID | None:
    """A delivery row with its body frozen; None where the channel has it already."""
    type_ = type_ or notice.kind
    body = json.dumps(
        {"type": type_, "timestamp": moment(notice.created_at), "data": data},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    names = [w.name for w in watchlists] or data["watchlists"]
    delivery_id = store.add_delivery(session, notice, channel, type_=type_, body=body, watchlists=names)
    if delivery_id is not None:
        log.info(
            "delivery.made", delivery_id=str(delivery_id), event_id=str(notice.event_id), channel_id=str(channel.id)
        )
    return delivery_id


_KINDS = {"canary": _canary, "mention": _mentions, "event.retracted": _retraction}

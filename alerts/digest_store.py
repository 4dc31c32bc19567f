"""All SQL of digests, composed once (core/sql.py tells why)."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Text, bindparam, case, delete, exists, func, insert, literal, null, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from alerts.timing import Wait
from core.models import (
    Channel,
    Delivery,
    Digest,
    DigestEntry,
    DigestItem,
    Event,
    EventVersion,
    MentionTally,
    Notice,
    Watchlist,
    WatchlistChannel,
    WorkState,
)
from core.sql import Asker, Query, table

_channel, _delivery, _digest, _event, _version, _notice = map(
    table, (Channel, Delivery, Digest, Event, EventVersion, Notice)
)
_entry, _item, _tally, _list, _sends_to = map(
    table, (DigestEntry, DigestItem, MentionTally, Watchlist, WatchlistChannel)
)
_ids = ARRAY(_event.c.id.type)

# ---- what waits ----

_given = bindparam("lists", type_=_ids), bindparam("days", type_=ARRAY(Date))
_counted = func.unnest(*_given).table_valued("watchlist_id", "day").render_derived()
_count = upsert(_tally).from_select(
    ["watchlist_id", "day", "count"],
    # in one order for all, so that two workers who count for the same lists wait and never deadlock
    select(_counted.c.watchlist_id, _counted.c.day, literal(1)).order_by(_counted.c.watchlist_id),
)
_newer = _count.excluded.day > _tally.c.day  # a straggler of the day before counts with the new day
COUNT = Query(
    _count.on_conflict_do_update(
        index_elements=[_tally.c.watchlist_id],
        set_={
            "day": func.greatest(_tally.c.day, _count.excluded.day),
            "count": case((_newer, 1), else_=_tally.c.count + 1),
        },
    ).returning(_tally.c.watchlist_id, _tally.c["count"])
)

_until = bindparam("until", type_=_digest.c.ends_at.type)
_opened = upsert(_digest).values(channel_id=bindparam("channel_id"), ends_at=_until, due_at=_until, sent_at=null())
_is_open = _digest.c.state == str(WorkState.OPEN)
_kept = (
    _opened.on_conflict_do_update(
        index_elements=[_digest.c.channel_id, _digest.c.ends_at],
        # what comes when the digest is made already is told by another one, at once
        set_={
            "state": str(WorkState.OPEN),
            "attempts": case((_is_open, _digest.c.attempts), else_=0),
            "due_at": case((_is_open, _digest.c.due_at), else_=_digest.c.ends_at),
            "sent_at": case((_is_open, _digest.c.sent_at), else_=null()),
        },
    )
    .returning(_digest.c.id)
    .cte("kept")
)
_facts = {"watchlist_id": _item.c.watchlist_id.type, "notice_id": _item.c.notice_id.type, "cause": Text()}
KEEP = Query(
    upsert(_item)
    .from_select(
        ["digest_id", *_facts, "data"],
        select(
            _kept.c.id,
            *(bindparam(name, type_=type_) for name, type_ in _facts.items()),
            bindparam("data", type_=_item.c.data.type),
        ),
    )
    .on_conflict_do_nothing()
)

# ---- what is told ----

LOCK = Query(
    select(_channel.c.subscriber_id, (_channel.c.enabled & _channel.c.confirmed_at.is_not(None)).label("takes"))
    .where(_channel.c.id == bindparam("channel_id"))
    .with_for_update(key_share=True)  # two digests of one channel are made one after the other
)
_asked = exists().where(
    _sends_to.c.watchlist_id == _item.c.watchlist_id, _sends_to.c.channel_id == _digest.c.channel_id
)
_awake = or_(_list.c.muted_until.is_(None), _list.c.muted_until <= func.now())
TAKE = Query(
    delete(_item)
    .where(_item.c.digest_id == _digest.c.id, _item.c.watchlist_id == _list.c.id, _item.c.notice_id == _notice.c.id)
    .where(_digest.c.channel_id == bindparam("channel_id"), _digest.c.ends_at <= func.now())
    .returning(
        *_item.c["cause", "data"],
        *_list.c["name", "zone"],
        *_notice.c["id", "kind", "event_id", "version", "article_id", "source_id", "created_at"],
        _digest.c.ends_at,
        (_list.c.enabled & _awake & _asked).label("wanted"),
    )
)
_events = bindparam("events", type_=_ids)
EVENTS = Query(select(*_event.c["id", "version", "state", "merged_into"]).where(_event.c.id == func.any(_events)))
_own = bindparam("channel_id", type_=_channel.c.id.type)
_told = select(_delivery.c.event_id, _delivery.c.version).where(
    _delivery.c.channel_id == _own, _delivery.c.event_id == func.any(_events)
)
_named = select(_entry.c.event_id, _entry.c.version).where(
    _entry.c.channel_id == _own, _entry.c.event_id == func.any(_events)
)
_either = _told.union_all(_named).subquery()
TOLD_EVENTS = Query(
    select(_either.c.event_id, func.max(_either.c.version).label("version")).group_by(_either.c.event_id)
)
FACTS = Query(
    select(_version.c.facts).where(
        _version.c.event_id == bindparam("event_id"), _version.c.version == bindparam("version")
    )
)
_articles, _notices = bindparam("articles", type_=_ids), bindparam("notices", type_=_ids)
_delivered = _delivery.c.channel_id == _own, _delivery.c.event_id.is_(None)
TOLD_OTHERS = Query(
    select(_delivery.c.article_id.label("id"))
    .where(*_delivered, _delivery.c.article_id == func.any(_articles))
    .union_all(
        select(_delivery.c.notice_id).where(*_delivered, _delivery.c.notice_id == func.any(_notices)),
        select(_entry.c.article_id).where(
            _entry.c.channel_id == _own, _entry.c.event_id.is_(None), _entry.c.article_id == func.any(_articles)
        ),
    )
)
ENTER = Query(
    insert(_entry).values(
        {
            name: bindparam(name, type_=_entry.c[name].type)
            for name in ("delivery_id", "number", "channel_id", "event_id", "version", "article_id", "watchlists")
        }
    )
)


def count(session: Asker, days: dict[UUID, date]) -> dict[UUID, int]:
    """Count a mention for each list on its day; how many each then has. Its rows are held until the commit."""
    if not days:
        return {}
    found = COUNT(session, lists=list(days), days=list(days.values()))
    return {row.watchlist_id: row.count for row in found}


def keep(session: Asker, notice_id: UUID, row: Any, wait: Wait, data: dict[str, Any] | None) -> None:
    """Keep a notice for the digest of a list's channel."""
    asked = {"watchlist_id": row.watchlist_id, "notice_id": notice_id, "cause": wait.cause, "data": data}
    KEEP(session, channel_id=row.channel_id, until=wait.until, **asked)


def take(session: Asker, channel_id: UUID) -> tuple[Any, list[Any]]:
    """A channel, held, and all that waits for its digests that are due, oldest first; it waits no more.

    Where its list was switched off or muted, or sends elsewhere now, it is not told.
    """
    [channel] = LOCK(session, channel_id=channel_id)
    found = TAKE(session, channel_id=channel_id).fetchall()
    wanted = (row for row in found if row.wanted and channel.takes)
    return channel, sorted(wanted, key=lambda row: (row.created_at, row.id, row.name))


def events(session: Asker, ids: Iterable[UUID]) -> dict[UUID, Any]:
    """Each event as it stands now: (id, version, state) of the one that it was merged into, or its own."""
    known: dict[UUID, Any] = {}
    asked, wanted = list(ids), set(ids)
    while asked:
        known |= {row.id: row for row in EVENTS(session, events=asked)}
        asked = [row.merged_into for row in known.values() if row.merged_into and row.merged_into not in known]
    return {one: _last(known, one) for one in wanted if one in known}


def _last(known: dict[UUID, Any], event_id: UUID) -> Any:
    row = known[event_id]
    while row.merged_into in known:
        row = known[row.merged_into]
    return row


def told_events(session: Asker, channel_id: UUID, ids: Iterable[UUID]) -> dict[UUID, int]:
    """The last version that a channel was told of each event, where it was told of it."""
    return {row.event_id: row.version for row in TOLD_EVENTS(session, channel_id=channel_id, events=list(ids))}


def told_others(session: Asker, channel_id: UUID, articles: Iterable[UUID], notices: Iterable[UUID]) -> set[UUID]:
    """The articles whose mentions, and the notices, that a channel was told of."""
    found = TOLD_OTHERS(session, channel_id=channel_id, articles=list(articles), notices=list(notices))
    return {row.id for row in found}


def facts(session: Asker, event_id: UUID, version: int) -> dict[str, Any]:
    """The contract fields of an event's version; nothing where that has no row."""
    row = FACTS(session, event_id=event_id, version=version).fetchone()
    return dict(row.facts) if row else {}


def enter(session: Asker, **columns: Any) -> None:
    """Record what a digest told."""
    ENTER(session, **columns)

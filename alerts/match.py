"""Which channels a notice is for, and what they are told."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from alerts import channels, circuit, keeping, store, wants, watching
from alerts.post import has_room
from core.models import Notice
from core.sql import Asker
from core.views import event_view, moment
from core.watching import branches_told


@dataclass(frozen=True)
class Alert:
    """What one channel is told: `channel` is its row (kind, config, sealed secret), `columns` the delivery's.

    `rows` answers the delivery's id; nothing where the channel has that delivery already. `begun` is that id where the
    first attempt is begun with it, known before it is answered.
    """

    channel: Any
    columns: dict[str, Any]
    rows: Any = None
    begun: UUID | None = None


@dataclass
class Hit:
    """One channel's share of a notice: the watchlists that asked, and the names by which they did."""

    channel: Any
    watchlists: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)


def match(
    session: Asker, notice: Notice, *, asked: store.Asked | None = None, lease: float | None = None
) -> list[Alert]:
    """Make the notice's deliveries, one for each channel that asked; twice changes nothing.

    What it needs to know may have been `asked` for with the claim of the notice.
    Given a `lease` in seconds, the attempt of the first that need not wait is begun, and the caller is to send it.
    """
    alerts, asked = [], asked or store.ask(session, notice.id)
    for alert in _KINDS.get(notice.kind, _event)(session, notice, asked):
        if lease is not None and _is_free(alert.channel):
            begun = asked.new_id.fetchone().id
            rows = store.begin_delivery(session, lease=lease, id=begun, **alert.columns)
            alerts.append(replace(alert, rows=rows, begun=begun))
            lease = None
        else:
            alerts.append(replace(alert, rows=store.add_delivery(session, **alert.columns)))
    return alerts


def _is_free(channel: Any) -> bool:
    """Whether a channel takes messages as they come: it has room, keeps no pace, does not fail and is not paused."""
    is_open = circuit.state_of(channel).is_open
    return not (channel.paused or is_open) and channels.find(channel.channel).pace is None and has_room(channel)


def _canary(*_: Any) -> Iterator[Alert]:
    """Nobody is told of a canary: that its notice was matched is what shows that the chain works."""
    yield from ()


def _event(session: Asker, notice: Notice, asked: store.Asked) -> Iterator[Alert]:
    told = _told(asked, notice)
    wanted = keeping.sift(session, notice, asking(session, told.offer, told.shapes))
    keeping.keep(session, notice, wanted)
    for hit in by_channel(wanted.now):
        yield _alert(notice, hit.channel, hit.watchlists, _about_event(told, notice))


def _evidence(session: Asker, notice: Notice, asked: store.Asked) -> Iterator[Alert]:
    """That one more article tells a known event: its evidence is that article's alone."""
    told = _told(asked, notice)
    wanted = keeping.sift(session, notice, asking(session, told.offer, told.shapes))
    keeping.keep(session, notice, wanted)
    further = replace(
        told, previous=None, tellings=[row for row in told.tellings if row.article_id == notice.article_id]
    )
    for hit in by_channel(wanted.now):
        yield _alert(notice, hit.channel, hit.watchlists, _about_event(further, notice))


def _told(asked: store.Asked, notice: Notice) -> store.Told:
    return store.event(asked, notice.kind.removeprefix("event."))


def asking(session: Asker, offer: wants.Offer, shapes: list[Any]) -> list[Any]:
    """Who wants what is offered: a row for each list, each name by which it does (`key`) and each of its channels."""
    asked = []
    for row, items in watching.candidates(session, offer, shapes):
        found = wants.hits(items, offer)
        if wants.refusal(row, found, offer) is None:
            keys = [f"{item.kind}:{item.token}" for item in found if not item.excludes]
            asked += [SimpleNamespace(**row._asdict(), key=key) for key in keys or [""]]
    return asked


def _about_event(told: store.Told, notice: Notice) -> dict[str, Any]:
    tellings = [(row, row) for row in told.tellings]  # each row is both, the telling and its article
    version = notice.version or told.event.version
    return {"event": event_view(told.event, tellings) | {"version": version}, "previous": told.previous}


def by_channel(found: Iterable[Any]) -> list[Hit]:
    """Rows of `asking` gathered by channel: two lists with one channel make one delivery."""
    hits: dict[Any, Hit] = {}
    for row in found:
        hit = hits.setdefault(row.channel_id, Hit(row))
        hit.keys.add(row.key)
        if row.name not in hit.watchlists:
            hit.watchlists.append(row.name)
    return list(hits.values())


def _mentions(session: Asker, notice: Notice, asked: store.Asked) -> Iterator[Alert]:
    """One delivery for each channel, naming what it watches and nothing that others do."""
    assert notice.article_id is not None
    article, standing = store.mentions(session, notice.article_id)
    names = standing_names(article, standing)
    wanted = keeping.sift(session, notice, asking(session, wants.of_article(names), asked.shapes.fetchall()))
    keeping.keep(session, notice, wanted, lambda keys: _about_article(article, names, keys))
    for hit in by_channel(wanted.now):
        data = _about_article(article, names, hit.keys)
        yield _alert(notice, hit.channel, hit.watchlists, data, type_="mention.created")


def standing_names(article: Any, standing: Iterable[tuple[Any, set[str]]]) -> dict[str, Any]:
    """The mentions of an article by kind and name (bank:工行), the first of each; banks with the branch told, too."""
    found: dict[str, Any] = {}
    for row, keys in standing:
        for key in keys:
            found.setdefault(f"{row.kind}:{key}", row)
            if row.kind == "bank":
                for branch in branches_told(f"{article.title}\n{article.text}", key):
                    found.setdefault(f"bank:{key} {branch}", row)
    return found


def _about_article(article: Any, names: dict[str, Any], keys: set[str]) -> dict[str, Any]:
    rows = {names[key].id: names[key] for key in keys}.values()
    return {
        "article": {
            "id": str(article.id),
            "title": article.title,
            "url": article.url,
            "published": moment(article.published),
        },
        "mentions": [{"kind": row.kind, "name": row.name, "quote": store.around(article, row)} for row in rows],
    }


def _retraction(session: Asker, notice: Notice, asked: store.Asked) -> Iterator[Alert]:
    """Whoever was told of the event is told that it no longer stands."""
    told = _told(asked, notice)
    wanted = keeping.sift(session, notice, store.told(session, told.event.id))
    keeping.keep(session, notice, wanted)
    for hit in by_channel(wanted.now):
        yield _alert(notice, hit.channel, hit.watchlists, _about_event(told, notice))


def _source(session: Asker, notice: Notice, _: store.Asked) -> Iterator[Alert]:
    """How a source is, for everyone who asked: sources are shared, and whoever reads the pool may know."""
    wanted = keeping.sift(session, notice, store.watching_sources(session))
    keeping.keep(session, notice, wanted, lambda _: notice.facts or {})
    for hit in by_channel(wanted.now):
        yield _alert(notice, hit.channel, hit.watchlists, notice.facts or {})


def _alert(
    notice: Notice, channel: Any, watchlists: list[str], data: dict[str, Any], *, type_: str | None = None
) -> Alert:
    """The delivery's columns, its body frozen."""
    type_ = type_ or notice.kind
    told = {"type": type_, "timestamp": moment(notice.created_at), "data": {**data, "watchlists": watchlists}}
    columns = {
        "subscriber_id": channel.subscriber_id,
        "channel_id": channel.channel_id,
        "type": type_,
        "event_id": notice.event_id,
        "version": notice.version,
        "article_id": notice.article_id,
        "notice_id": None if notice.version or notice.kind == "mention" else notice.id,
        "source_id": notice.source_id,
        "watchlists": watchlists,
        "body": json.dumps(told, ensure_ascii=False, separators=(",", ":")),
    }
    return Alert(channel, columns)


_KINDS = {
    "canary": _canary,
    "mention": _mentions,
    "event.evidence": _evidence,
    "event.retracted": _retraction,
    "source.troubled": _source,
    "source.recovered": _source,
}

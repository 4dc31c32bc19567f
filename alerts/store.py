"""All SQL of the alerts service."""

import re
from collections.abc import Collection
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, defer, joinedload, lazyload

from core.models import (
    Article,
    Attempt,
    Bank,
    BankAlias,
    Channel,
    Delivery,
    Event,
    EventVersion,
    FirmAlias,
    Mention,
    Notice,
    WatchItem,
    Watchlist,
)
from core.names import fold

Found = tuple[Watchlist, str, str]
"""A watchlist that watches, the kind (bank, firm) and the folded name by which it does."""


def event(session: Session, event_id: UUID, version: int) -> tuple[Event, EventVersion]:
    """An event and one of its versions; its evidence and its bank's names are read only where they are asked for."""
    row = session.execute(_EVENT, {"event_id": event_id, "version": version}).one()
    return row[0], row[1]


def read_tellers(session: Session, event: Event) -> None:
    """Have the articles that tell an event at hand, all by one look-up and without their texts."""
    ids = [row.article_id for row in event.evidence]
    session.info["tellers"] = session.scalars(
        select(Article).where(Article.id.in_(ids)).options(defer(Article.text))
    ).all()  # held, because a session forgets rows that nobody holds


def watching_event(session: Session, event: Event) -> list[Found]:
    """Enabled watchlists on events that watch this one's bank or firm by any of their names."""
    own_names = {"bank": fold(event.bank.name), "firm": fold(event.firm.name) if event.firm else None}
    rows = session.execute(_WATCHING_EVENT, {"bank_id": event.bank_id, "firm_id": event.firm_id, **own_names})
    return [(watchlist, kind, key) for watchlist, kind, key in rows]


def watching_names(session: Session, banks: Collection[str], firms: Collection[str]) -> list[Found]:
    """Enabled watchlists on mentions that watch one of the folded names."""
    by_bank = (WatchItem.kind == "bank") & WatchItem.key.in_(banks)
    by_firm = (WatchItem.kind == "firm") & WatchItem.key.in_(firms)
    rows = session.execute(_watching("mention").where(by_bank | by_firm))
    return [(watchlist, kind, key) for watchlist, kind, key in rows]


def mentions(session: Session, article_id: UUID) -> tuple[Article, list[tuple[Mention, set[str]]]]:
    """An article and its mentions, each with all folded names of what it mentions."""
    rows = list(session.scalars(select(Mention).where(Mention.article_id == article_id).order_by(Mention.start)))
    found = []
    for row in rows:
        keys = {fold(row.name)}
        if row.bank_id:
            keys |= set(session.scalars(select(BankAlias.key).where(BankAlias.bank_id == row.bank_id)))
        if row.firm_id:
            keys |= set(session.scalars(select(FirmAlias.key).where(FirmAlias.firm_id == row.firm_id)))
        found.append((row, keys))
    return session.get_one(Article, article_id), found


def around(article: Article, mention: Mention) -> str:
    """The sentence that a mention stands in, at most 200 characters; the title where it stands there."""
    if mention.where == "title":
        return article.title
    left = article.text[max(0, mention.start - 100) : mention.start]
    right = article.text[mention.end : mention.end + 100]
    left = re.split(r"[。！？\n]", left)[-1]
    right = re.split(r"(?<=[。！？])|\n", right)[0]
    return left + article.text[mention.start : mention.end] + right


def told(session: Session, event_id: UUID) -> list[tuple[Channel, list[str]]]:
    """The enabled channels that have or will have been told of an event, with the watchlists that asked."""
    rows = session.execute(
        select(Channel, Delivery.watchlists)
        .join(Delivery, Delivery.channel_id == Channel.id)
        .where(Delivery.event_id == event_id, Channel.enabled)
        .distinct(Channel.id)
        .order_by(Channel.id, Delivery.version.desc())
    )
    return [(channel, list(watchlists)) for channel, watchlists in rows]


def add_delivery(
    session: Session, notice: Notice, channel: Channel, *, type_: str, body: str, watchlists: list[str]
) -> UUID | None:
    """A new delivery's id, or None where this channel has one for the same event version or article."""
    told = {"event_id": notice.event_id, "version": notice.version, "article_id": notice.article_id}
    own = {"subscriber_id": channel.subscriber_id, "channel_id": channel.id, "watchlists": watchlists}
    made: UUID | None = session.scalar(_ADD_DELIVERY, {"type": type_, "body": body, **told, **own})
    return made


def start_attempt(session: Session, delivery: Delivery) -> tuple[int, bool]:
    """Record that an attempt begins; its number, and whether an earlier one never ended (in doubt)."""
    number, in_doubt = session.execute(_START_ATTEMPT, {"id": delivery.id}).one()
    return int(number), bool(in_doubt)


def end_attempt(session: Session, delivery_id: UUID, number: int, **columns: Any) -> Delivery:
    """Record how an attempt ended; its delivery, locked."""
    session.execute(
        update(Attempt).where(Attempt.delivery_id == delivery_id, Attempt.number == number).values(**columns)
    )
    return session.get_one(Delivery, delivery_id, with_for_update={"of": Delivery}, options=[lazyload("*")])


def disable(session: Session, channel_id: UUID, reason: str) -> None:
    """Switch a channel off, saying why."""
    session.execute(update(Channel).where(Channel.id == channel_id).values(enabled=False, disabled_reason=reason))


def _watching(trigger: str) -> Any:
    return (
        select(Watchlist, WatchItem.kind, WatchItem.key)
        .join(WatchItem, WatchItem.watchlist_id == Watchlist.id)
        .where(Watchlist.enabled, Watchlist.triggers.contains([trigger]))
        .order_by(Watchlist.id)
        .options(lazyload(Watchlist.items))
    )


# Statements that every alert runs, built once: building one takes several times as long as running it.
_EVENT = (
    select(Event, EventVersion)
    .join(EventVersion, EventVersion.event_id == Event.id)
    .where(Event.id == bindparam("event_id"), EventVersion.version == bindparam("version"))
    .options(lazyload(Event.evidence), joinedload(Event.bank).lazyload(Bank.aliases))
)
_BANK_KEYS = select(BankAlias.key).where(BankAlias.bank_id == bindparam("bank_id"))
_FIRM_KEYS = select(FirmAlias.key).where(FirmAlias.firm_id == bindparam("firm_id"))
_WATCHING_EVENT = _watching("event").where(
    ((WatchItem.kind == "bank") & (WatchItem.key.in_(_BANK_KEYS) | (WatchItem.key == bindparam("bank"))))
    | ((WatchItem.kind == "firm") & (WatchItem.key.in_(_FIRM_KEYS) | (WatchItem.key == bindparam("firm"))))
)
_DELIVERY, _ATTEMPT = cast(Table, Delivery.__table__), cast(Table, Attempt.__table__)
_TOLD = ("subscriber_id", "channel_id", "type", "event_id", "version", "article_id", "watchlists", "body")
_ADD_DELIVERY = (
    insert(_DELIVERY)
    .values({name: bindparam(name) for name in _TOLD})
    .on_conflict_do_nothing()
    .returning(_DELIVERY.c.id)
)
_OF_DELIVERY = _ATTEMPT.c.delivery_id == bindparam("id")
_NEXT = select(bindparam("id", type_=_ATTEMPT.c.delivery_id.type), func.coalesce(func.max(_ATTEMPT.c.number), 0) + 1)
_DOUBTFUL = select(func.count()).where(_OF_DELIVERY, _ATTEMPT.c.outcome.is_(None)).select_from(_ATTEMPT)
_START_ATTEMPT = (
    insert(_ATTEMPT)
    .from_select(["delivery_id", "number"], _NEXT.where(_OF_DELIVERY))
    .returning(_ATTEMPT.c.number, _DOUBTFUL.scalar_subquery())
)

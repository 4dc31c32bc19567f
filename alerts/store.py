"""All SQL of the alerts service."""

import re
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, defer, lazyload

from core.models import (
    Article,
    Attempt,
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


def event_keys(event: Event) -> tuple[set[str], set[str]]:
    """The folded names by which an event's bank and firm may be watched."""
    banks = {alias.key for alias in event.bank.aliases} | {fold(event.bank.name)}
    if event.firm is None:
        return banks, set()
    return banks, {alias.key for alias in event.firm.aliases} | {fold(event.firm.name)}


def event(session: Session, event_id: UUID) -> Event:
    """An event; its evidence is read only where somebody is told of it."""
    return session.get_one(Event, event_id, options=[lazyload(Event.evidence)])


def read_tellers(session: Session, event: Event) -> None:
    """Have the articles that tell an event at hand, all by one look-up and without their texts."""
    ids = [row.article_id for row in event.evidence]
    session.info["tellers"] = session.scalars(
        select(Article).where(Article.id.in_(ids)).options(defer(Article.text))
    ).all()  # held, because a session forgets rows that nobody holds


def watching(
    session: Session, trigger: str, banks: Collection[str], firms: Collection[str]
) -> list[tuple[Watchlist, str, str]]:
    """Enabled watchlists with `trigger` that watch one of the folded names: (watchlist, kind, key) for each hit."""
    named = or_(
        (WatchItem.kind == "bank") & WatchItem.key.in_(banks),
        (WatchItem.kind == "firm") & WatchItem.key.in_(firms),
    )
    rows = session.execute(
        select(Watchlist, WatchItem.kind, WatchItem.key)
        .join(WatchItem, WatchItem.watchlist_id == Watchlist.id)
        .where(named, Watchlist.enabled, Watchlist.triggers.contains([trigger]))
        .order_by(Watchlist.id)
        .options(lazyload(Watchlist.items))
    )
    return [(watchlist, kind, key) for watchlist, kind, key in rows]


def version(session: Session, event_id: UUID, number: int) -> EventVersion:
    """One version of an event."""
    return session.get_one(EventVersion, (event_id, number))


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
    return session.scalar(
        insert(Delivery)
        .values(
            subscriber_id=channel.subscriber_id,
            channel_id=channel.id,
            type=type_,
            event_id=notice.event_id,
            version=notice.version,
            article_id=notice.article_id,
            watchlists=watchlists,
            body=body,
        )
        .on_conflict_do_nothing()
        .returning(Delivery.id)
    )


def start_attempt(session: Session, delivery: Delivery) -> tuple[int, bool]:
    """Record that an attempt begins; its number, and whether an earlier one never ended (in doubt)."""
    earlier = select(literal(delivery.id), func.coalesce(func.max(Attempt.number), 0) + 1).where(
        Attempt.delivery_id == delivery.id
    )
    doubtful = select(func.count()).where(Attempt.delivery_id == delivery.id, Attempt.outcome.is_(None))
    number, in_doubt = session.execute(
        insert(Attempt)
        .from_select(["delivery_id", "number"], earlier)
        .returning(Attempt.number, doubtful.scalar_subquery())
    ).one()
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

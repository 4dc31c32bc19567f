"""All SQL of `/v1/watchlists`; every statement is bound to one subscriber."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api import pagination
from api.errors import Invalid
from api.naming import resolve
from api.pagination import PageQuery
from core.models import Channel, LexiconChange, WatchItem, Watchlist
from core.names import fold

NAMES = {"banks": "bank", "firms": "firm"}


def page(session: Session, owner: UUID, query: PageQuery) -> tuple[Sequence[Watchlist], str | None]:
    """The owner's watchlists, newest first."""
    statement = select(Watchlist).where(Watchlist.subscriber_id == owner)
    return pagination.fetch(
        session, statement, query, what="watchlists", moment=Watchlist.created_at, row_id=Watchlist.id
    )


def find(session: Session, owner: UUID, watchlist_id: UUID) -> Watchlist | None:
    """The owner's watchlist of that id."""
    return session.scalar(select(Watchlist).where(Watchlist.id == watchlist_id, Watchlist.subscriber_id == owner))


def channels(session: Session, owner: UUID, ids: Iterable[UUID]) -> list[Channel]:
    """The owner's channels of those ids, in that order; Invalid names one that is not theirs."""
    own = select(Channel).where(Channel.subscriber_id == owner, Channel.id.in_(list(ids)))
    known = {channel.id: channel for channel in session.scalars(own)}
    for number, channel_id in enumerate(ids):
        if channel_id not in known:
            raise Invalid.at(f"body.channels.{number}", "there is no such channel")
    return list(dict.fromkeys(known[channel_id] for channel_id in ids))


def set_names(session: Session, watchlist: Watchlist, field: str, names: Iterable[str]) -> None:
    """Watch exactly `names` as `field` (banks or firms); extractors learn of it through the lexicon's tick."""
    kind = NAMES[field]
    given = [WatchItem(kind=kind, name=name, key=fold(name)) for name in names]
    resolve.mean(session, given)
    wanted = {item.key: item for item in reversed(given)}
    kept = [item for item in watchlist.items if item.kind != kind or item.key in wanted]
    standing = {item.key for item in kept if item.kind == kind}
    new = [wanted[key] for key in reversed(wanted) if key not in standing]
    watchlist.items = [*kept, *new]
    tick(session)


def tick(session: Session) -> None:
    """Tell running extractors that watched names changed."""
    session.add(LexiconChange(what="watchlist"))


def save(session: Session, watchlist: Watchlist) -> Watchlist:
    """Write it; Invalid where the owner has another of its name."""
    session.add(watchlist)
    try:
        session.flush()
    except IntegrityError as error:
        if "uq_watchlist" not in str(error.orig):
            raise
        raise Invalid.at("body.name", "another watchlist of yours has this name") from None
    session.refresh(watchlist)
    return watchlist


def remove(session: Session, watchlist: Watchlist) -> None:
    """Delete it with its names."""
    session.execute(delete(Watchlist).where(Watchlist.id == watchlist.id))
    tick(session)

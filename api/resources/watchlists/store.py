"""All SQL of `/v1/watchlists`; every statement is bound to one subscriber."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api import pagination
from api.errors import Invalid
from api.naming import resolve
from api.pagination import PageQuery
from api.resources.watchlists import subjects
from core.models import BankAlias, Channel, LexiconChange, WatchItem, Watchlist
from core.names import fold
from core.watching import token

SUBJECTS = {"banks": "bank", "firms": "firm", "sectors": "sector", "regions": "region", "words": "word"}
EXCLUDED = {**SUBJECTS, "instruments": "instrument"}


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


def set_items(session: Session, watchlist: Watchlist, kind: str, given: Iterable[Any], *, excludes: bool) -> None:
    """Watch (or exclude) exactly what is given of a kind; what stands already is kept as it is."""
    wanted: dict[str, WatchItem] = {}
    for item in _items(session, kind, list(given)):
        item.excludes = excludes
        wanted.setdefault(token(item.key, item.branch), item)
    kept = []
    for item in watchlist.items:
        others = (item.kind, item.excludes) != (kind, excludes)
        if others or wanted.pop(token(item.key, item.branch), None) is not None:
            kept.append(item)
    watchlist.items = [*kept, *wanted.values()]


def _items(session: Session, kind: str, given: list[Any]) -> list[WatchItem]:
    """Rows for what is given of a kind, in order: names as typed, banks with their branch apart."""
    if kind == "bank":
        named = [(one, None) if isinstance(one, str) else (one["bank"], one["branch"]) for one in given]
        banks = banks_in(session, [name for name, branch in named if branch is None])
        apart = [(name, branch) if branch else subjects.split_branch(name, banks) for name, branch in named]
    else:
        apart = [(name, None) for name in given]
    items = [WatchItem(kind=kind, name=name, key=subjects.key_of(kind, name), branch=branch) for name, branch in apart]
    resolve.mean(session, items)
    return items


def banks_in(session: Session, names: Iterable[str]) -> set[str]:
    """Folded names of known banks with which those that may hold a branch begin."""
    begins = {fold(name[:end]) for name in names if subjects.may_hold_branch(name) for end in range(2, len(name) + 1)}
    return set(session.scalars(select(BankAlias.key).where(BankAlias.key.in_(begins)))) if begins else set()


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

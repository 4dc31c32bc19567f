"""All SQL of subscribers. What is private follows its owner by the foreign keys (`ON DELETE CASCADE`); here goes what
no key leads to: addresses in the mail's own table, and mentions of names and words that only they watched.

What belongs to all stays: articles they pushed, edits and corrections they made, whose `by` is then nobody.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete as deleting
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api import pagination
from api.pagination import PageQuery
from api.resources.watchlists.store import tick
from core.models import Channel, Mailbox, Mention, Subscriber, WatchItem, Watchlist

_address = func.lower(Channel.config["to"].astext)
_ADDRESSES = select(_address).where(Channel.kind == "email", _address.is_not(None))


def page(session: Session, query: PageQuery) -> tuple[Sequence[Subscriber], str | None]:
    """All subscribers, the newest first."""
    moment, row_id = Subscriber.created_at, Subscriber.id
    return pagination.fetch(session, select(Subscriber), query, what="subscribers", moment=moment, row_id=row_id)


def find(session: Session, subscriber_id: UUID) -> Subscriber | None:
    """The subscriber of that id."""
    return session.get(Subscriber, subscriber_id)


def delete(session: Session, subscriber_id: UUID) -> bool:
    """Delete a subscriber with all that is private; False where there is none of that id.

    Their row is held first: what is just being made for them is in by then, or finds nobody to be made for.
    """
    held = select(Subscriber.id).where(Subscriber.id == subscriber_id).with_for_update()
    if session.scalar(held) is None:
        return False
    addresses = set(session.scalars(_ADDRESSES.where(Channel.subscriber_id == subscriber_id)))
    names = _watched(session, subscriber_id)
    session.execute(deleting(Subscriber).where(Subscriber.id == subscriber_id))
    session.expire_all()
    addresses -= set(session.scalars(_ADDRESSES.where(_address.in_(addresses))))
    session.execute(deleting(Mailbox).where(Mailbox.address.in_(addresses)))
    names -= _watched(session, None, among=names)
    only_watched = (Mention.bank_id.is_(None), Mention.firm_id.is_(None), Mention.name.in_(names))
    session.execute(deleting(Mention).where(*only_watched))
    tick(session)  # running extractors forget their names
    return True


def _watched(session: Session, owner: UUID | None, *, among: set[str] | None = None) -> set[str]:
    """All that is called for by an owner's watchlists (None: by anybody's), in each of its forms."""
    found: set[str] = set()
    for name in (WatchItem.name, WatchItem.key, WatchItem.resolved):
        asked = select(name).join(Watchlist, Watchlist.id == WatchItem.watchlist_id).where(name.is_not(None))
        if owner is not None:
            asked = asked.where(Watchlist.subscriber_id == owner)
        if among is not None:
            asked = asked.where(name.in_(among))
        found |= {one for one in session.scalars(asked) if one}
    return found

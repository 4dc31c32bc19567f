"""Makes, changes and tells about the watchlists of one subscriber; for the API's routes and the pages alike."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from api.errors import not_found
from api.naming import resolve
from api.resources.watchlists import form, store
from core.models import Watchlist


def found(session: Session, owner: UUID, watchlist_id: UUID) -> Watchlist:
    """One of the owner's watchlists; 404 for what is not there and what is another's."""
    watchlist = store.find(session, owner, watchlist_id)
    if watchlist is None:
        raise not_found("watchlist")
    return watchlist


def made(session: Session, owner: UUID, given: dict[str, Any]) -> Watchlist:
    """A new watchlist with the given fields; Invalid where they make no sense."""
    return changed(session, Watchlist(subscriber_id=owner, items=[]), given)


def changed(session: Session, watchlist: Watchlist, given: dict[str, Any]) -> Watchlist:
    """The watchlist with the given fields set; Invalid where the whole makes no sense."""
    with session.no_autoflush:
        form.fill(session, watchlist, given)
    return store.save(session, watchlist)


def told(session: Session, row: Watchlist) -> dict[str, Any]:
    """What the API answers about one, with what may have been meant by names that nothing knows."""
    return {**form.shown(row), "suggestions": resolve.suggestions(session, row.items)}

"""`/v1/watchlists`: private to their subscriber."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from api.body import JsonRoute
from api.deps import Caller, Db, Reader, Writer
from api.errors import Invalid, not_found
from api.naming import resolve
from api.pagination import Page, PageQuery
from api.resources.watchlists import store, times
from api.resources.watchlists.schemas import WatchlistIn, WatchlistOut, WatchlistPatch
from core.models import Watchlist

router = APIRouter(prefix="/v1/watchlists", tags=["watchlists"], route_class=JsonRoute)
_PLAIN = ("name", "triggers", "tech_only", "instruments", "min_amount", "min_confidence", "enabled")


@router.get("", operation_id="list_watchlists", response_model=Page[WatchlistOut])
def list_watchlists(asking: Reader, db: Db, query: Annotated[PageQuery, Query()]) -> Any:
    """Your watchlists, newest first."""
    rows, following = store.page(db, asking.subscriber_id, query)
    return {"items": [_shown(row) for row in rows], "next": following}


@router.post("", operation_id="create_watchlist", response_model=WatchlistOut, status_code=HTTPStatus.CREATED)
def create_watchlist(asking: Writer, db: Db, body: WatchlistIn) -> Any:
    """Watch banks and firms. Their names are recognised in articles within seconds."""
    watchlist = Watchlist(subscriber_id=asking.subscriber_id, items=[])
    return _saved(db, asking, watchlist, body.model_dump())


@router.get("/{watchlist_id}", operation_id="get_watchlist", response_model=WatchlistOut)
def get_watchlist(asking: Reader, db: Db, watchlist_id: UUID) -> Any:
    """One of your watchlists."""
    return _one(db, _found(db, asking, watchlist_id))


@router.patch("/{watchlist_id}", operation_id="update_watchlist", response_model=WatchlistOut)
def update_watchlist(asking: Writer, db: Db, watchlist_id: UUID, body: WatchlistPatch) -> Any:
    """Change what is named in the body; a list that is named is replaced as a whole."""
    return _saved(db, asking, _found(db, asking, watchlist_id), body.model_dump(exclude_unset=True))


@router.delete("/{watchlist_id}", operation_id="delete_watchlist", status_code=HTTPStatus.NO_CONTENT)
def delete_watchlist(asking: Writer, db: Db, watchlist_id: UUID) -> None:
    """Stop watching; what was delivered stays in the log."""
    store.remove(db, _found(db, asking, watchlist_id))


def _found(db: Session, asking: Caller, watchlist_id: UUID) -> Watchlist:
    watchlist = store.find(db, asking.subscriber_id, watchlist_id)
    if watchlist is None:
        raise not_found("watchlist")
    return watchlist


def _saved(db: Session, asking: Caller, watchlist: Watchlist, given: dict[str, Any]) -> dict[str, Any]:
    """The watchlist with the given fields set."""
    with db.no_autoflush:
        for field in _PLAIN:
            if field in given:
                setattr(watchlist, field, given[field])
        times.fill(watchlist, given)
        if "channels" in given:
            watchlist.channels = store.channels(db, asking.subscriber_id, given["channels"])
        for field in store.NAMES:
            if field in given:
                store.set_names(db, watchlist, field, given[field])
        if "enabled" in given:
            store.tick(db)
    if not watchlist.items and set(watchlist.triggers) != {"source"}:
        raise Invalid.at("body", "watches nothing: name a bank in `banks` or a firm in `firms`")
    return _one(db, store.save(db, watchlist))


def _one(db: Session, row: Watchlist) -> dict[str, Any]:
    """What the API answers about one, with what may have been meant by names that nothing knows."""
    return {**_shown(row), "suggestions": resolve.suggestions(db, row.items)}


def _shown(row: Watchlist) -> dict[str, Any]:
    plain = {field: getattr(row, field) for field in ("id", "created_at", *_PLAIN)}
    names = {
        field: [item.name for item in sorted(row.items, key=lambda item: item.id) if item.kind == kind]
        for field, kind in store.NAMES.items()
    }
    resolved = {item.name: item.resolved for item in row.items if item.resolved}
    told = {"resolved": resolved, "suggestions": {}}
    return {**plain, **names, **times.shown(row), **told, "channels": [channel.id for channel in row.channels]}

"""`/v1/watchlists`: private to their subscriber."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from api.body import JsonRoute
from api.deps import Db, Reader, Writer
from api.errors import Invalid
from api.pagination import Page, PageQuery
from api.query import QueryOf
from api.resources.watchlists import backtest, form, keep, store, subjects
from api.resources.watchlists.backtest import BacktestIn, BacktestOut, DraftIn
from api.resources.watchlists.schemas import SubjectsOut, WatchlistIn, WatchlistOut, WatchlistPatch
from core import regions

router = APIRouter(prefix="/v1/watchlists", tags=["watchlists"], route_class=JsonRoute)


@router.get("", operation_id="list_watchlists", response_model=Page[WatchlistOut])
def list_watchlists(asking: Reader, db: Db, query: QueryOf[PageQuery]) -> Any:
    """Your watchlists, newest first."""
    rows, following = store.page(db, asking.subscriber_id, query)
    return {"items": [form.shown(row) for row in rows], "next": following}


@router.post("", operation_id="create_watchlist", response_model=WatchlistOut, status_code=HTTPStatus.CREATED)
def create_watchlist(asking: Writer, db: Db, body: WatchlistIn) -> Any:
    """Watch banks, firms and more. Their names are recognised in articles within seconds."""
    return keep.told(db, keep.made(db, asking.subscriber_id, body.model_dump()))


@router.get("/subjects", operation_id="list_subjects", response_model=SubjectsOut)
def list_subjects(_: Reader) -> Any:
    """The sectors and regions that may be watched."""
    return {"sectors": subjects.sectors(), "regions": [list(path) for path in regions.known()]}


@router.post("/backtest", operation_id="backtest_draft", response_model=BacktestOut)
def backtest_draft(asking: Reader, db: Db, body: DraftIn) -> Any:
    """What a watchlist that is not saved would have told over a past time, and what not, and why."""
    try:
        return backtest.of_draft(db, asking.subscriber_id, body)
    except Invalid as refused:
        raise refused.within("watchlist") from None


@router.post("/{watchlist_id}/backtest", operation_id="backtest_watchlist", response_model=BacktestOut)
def backtest_watchlist(asking: Reader, db: Db, watchlist_id: UUID, body: BacktestIn) -> Any:
    """What one of your watchlists would have told over a past time, and what not, and why."""
    return backtest.of_saved(db, keep.found(db, asking.subscriber_id, watchlist_id), body)


@router.get("/{watchlist_id}", operation_id="get_watchlist", response_model=WatchlistOut)
def get_watchlist(asking: Reader, db: Db, watchlist_id: UUID) -> Any:
    """One of your watchlists."""
    return keep.told(db, keep.found(db, asking.subscriber_id, watchlist_id))


@router.patch("/{watchlist_id}", operation_id="update_watchlist", response_model=WatchlistOut)
def update_watchlist(asking: Writer, db: Db, watchlist_id: UUID, body: WatchlistPatch) -> Any:
    """Change what is named in the body; a list that is named is replaced as a whole."""
    watchlist = keep.found(db, asking.subscriber_id, watchlist_id)
    return keep.told(db, keep.changed(db, watchlist, body.model_dump(exclude_unset=True)))


@router.delete("/{watchlist_id}", operation_id="delete_watchlist", status_code=HTTPStatus.NO_CONTENT)
def delete_watchlist(asking: Writer, db: Db, watchlist_id: UUID) -> None:
    """Stop watching; what was delivered stays in the log."""
    store.remove(db, keep.found(db, asking.subscriber_id, watchlist_id))

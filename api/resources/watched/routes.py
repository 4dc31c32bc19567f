"""`/v1/watchlists/{id}/articles`: private to the list's subscriber."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from api.body import JsonRoute
from api.deps import Db, Reader
from api.pagination import Page, PageQuery
from api.query import QueryOf
from api.resources.watched.listed import listed
from api.resources.watched.schemas import WatchedArticleOut

router = APIRouter(prefix="/v1/watchlists/{watchlist_id}/articles", tags=["watchlists"], route_class=JsonRoute)


@router.get("", operation_id="list_watched_articles", response_model=Page[WatchedArticleOut])
def list_watched_articles(asking: Reader, db: Db, watchlist_id: UUID, query: QueryOf[PageQuery]) -> Any:
    """Articles in which a bank, firm or word of the watchlist stands, also those that were there before it was."""
    return listed(db, asking.subscriber_id, watchlist_id, query)

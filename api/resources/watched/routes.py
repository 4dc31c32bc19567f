"""`/v1/watchlists/{id}/articles`: private to the list's subscriber."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from api.body import JsonRoute
from api.deps import Db, Reader
from api.errors import not_found
from api.pagination import Page, PageQuery
from api.resources.articles.routes import brief
from api.resources.watched import store
from api.resources.watched.schemas import WatchedArticleOut
from core.models import Mention

router = APIRouter(prefix="/v1/watchlists/{watchlist_id}/articles", tags=["watchlists"], route_class=JsonRoute)


@router.get("", operation_id="list_watched_articles", response_model=Page[WatchedArticleOut])
def list_watched_articles(asking: Reader, db: Db, watchlist_id: UUID, query: Annotated[PageQuery, Query()]) -> Any:
    """Articles in which a bank, firm or word of the watchlist stands, also those that were there before it was."""
    watched = store.items(db, asking.subscriber_id, watchlist_id)
    if watched is None:
        raise not_found("watchlist")
    rows, following = store.page(db, watched, query)
    told = store.standing(db, watched, (row.id for row in rows))
    return {"items": [{**brief(row), "standing": _once(told.get(row.id, []))} for row in rows], "next": following}


def _once(found: list[Mention]) -> list[dict[str, Any]]:
    """Each place once: a firm that was learnt later may stand there under its own name and the watched one."""
    fields = ("kind", "name", "where", "start", "end")
    rows = {
        (row.kind, row.where, row.start, row.end): {field: getattr(row, field) for field in fields} for row in found
    }
    return list(rows.values())

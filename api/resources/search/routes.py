"""`/v1/search`: the shared pool by any piece of its texts."""

from typing import Any

from fastapi import APIRouter

from api.deps import Db, Reader
from api.etag import TaggedRoute
from api.query import QueryOf
from api.resources.search import find
from api.resources.search.schemas import ArticleSearchQuery, FoundArticles, FoundEvents, SearchQuery

router = APIRouter(prefix="/v1/search", tags=["search"], route_class=TaggedRoute)


@router.get("/articles", operation_id="search_articles", response_model=FoundArticles)
def search_articles(_: Reader, db: Db, query: QueryOf[ArticleSearchQuery]) -> Any:
    """Articles in whose title or text all that is searched stands, with the places marked."""
    return find.best(db, query) if query.sort == "best" else find.newest(db, query)


@router.get("/events", operation_id="search_events", response_model=FoundEvents)
def search_events(_: Reader, db: Db, query: QueryOf[SearchQuery]) -> Any:
    """Live events in one of whose quotes all that is searched stands, with the places marked."""
    return find.events(db, query)

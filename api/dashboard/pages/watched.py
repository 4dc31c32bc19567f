"""`/watchlists/{id}/articles`: the articles in which stands what a list names, those that were there before it too."""

from uuid import UUID

from fastapi import Request, Response

from api.dashboard.deps import Viewer
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.deps import Db
from api.errors import not_found
from api.pagination import PageQuery
from api.query import QueryOf
from api.resources.watched.listed import listed
from api.resources.watchlists import store

router = page_router()
PAGE = Page("watched", router)


@router.get("/watchlists/{watchlist_id}/articles")
def show(request: Request, seen: Viewer, db: Db, watchlist_id: UUID, query: QueryOf[PageQuery]) -> Response:
    """A page of them, the last collected first, each with the names and words that stand in it."""
    watchlist = store.find(db, seen.subscriber_id, watchlist_id)
    if watchlist is None:
        raise not_found("watchlist")
    told = listed(db, seen.subscriber_id, watchlist_id, query)
    for one in told["items"]:
        one["names"] = list(dict.fromkeys((row["kind"], row["name"]) for row in one["standing"]))
    return render(request, "watched.html", watchlist=watchlist, articles=told["items"], next=told["next"])

"""`/sources`: where articles come from and how each source is; above them, how the whole chain is."""

from typing import Any
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
from api.resources.health import state
from api.resources.sources import store
from api.resources.sources.schemas import SourceQuery
from core.models import HEALTH

router = page_router()
PAGE = Page("sources", router, menu="/sources", group="house")


@router.get("/sources")
def show(request: Request, _: Viewer, db: Db, query: QueryOf[SourceQuery]) -> Response:
    """The sources, and the chain."""
    sources, following = store.page(db, query)
    given: dict[str, Any] = {
        "sources": sources,
        "next": following,
        "wanted": query.health or "",
        "healths": (*HEALTH, "troubled"),
    }
    return render(request, "sources.html", chain=state.chain(db), **given)


@router.get("/sources/{source_id}")
def one(request: Request, _: Viewer, db: Db, source_id: UUID, query: QueryOf[PageQuery]) -> Response:
    """One source: how its polls went, and what could not be read."""
    source = store.find(db, source_id)
    if source is None:
        raise not_found("source")
    errors, following = store.errors(db, source_id, query)
    return render(request, "source.html", source=source, errors=errors, next=following)

"""`/search`: articles and events by any piece of their text; names that may be meant."""

from typing import Any, Literal

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.dashboard.deps import Viewer
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.deps import Db
from api.naming import search as naming
from api.query import QueryOf
from api.resources.search import find
from api.resources.search.schemas import ArticleSearchQuery, SearchQuery
from api.schemas import Text

NAMES = 8  # that are suggested
router = page_router()
PAGE = Page("search", router, menu="/search")


class Asked(BaseModel):
    """What was typed, and where it is looked for."""

    model_config = ConfigDict(extra="forbid")

    q: Text = Field("", max_length=200)
    kind: Literal["events", "articles"] = "events"
    sort: Literal["newest", "best"] = "newest"
    cursor: str | None = Field(None, max_length=200)


@router.get("/search")
def show(request: Request, _: Viewer, db: Db, asked: QueryOf[Asked]) -> Response:
    """The form, and what was found."""
    q = asked.q.strip()
    short = bool(q) and len("".join(q.split())) < 2
    found: dict[str, Any] = {"items": [], "next": None} if not q or short else _found(db, asked, q)
    names = naming.find(db, naming.KINDS, q, NAMES) if q else []
    given: dict[str, Any] = {"asked": asked, "q": q, "short": short, "names": [one.row for one in names]}
    return render(request, "search.html", found=found["items"], next=found["next"], **given)


@router.get("/search/names")
def names(request: Request, _: Viewer, db: Db, asked: QueryOf[Asked]) -> Response:
    """Names that what was typed so far may mean; a piece of the page, for htmx."""
    found = naming.find(db, naming.KINDS, asked.q.strip(), NAMES) if asked.q.strip() else []
    return render(request, "search_names.html", names=[one.row for one in found])


def _found(db: Session, asked: Asked, q: str) -> dict[str, Any]:
    if asked.kind == "events":
        return find.events(db, SearchQuery.model_validate({"q": q, "cursor": asked.cursor}))
    query = ArticleSearchQuery.model_validate({"q": q, "sort": asked.sort, "cursor": asked.cursor})
    return find.best(db, query) if asked.sort == "best" else find.newest(db, query)

"""`/failed`: articles that could not be read, for the operator, who may have them read again."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse

from api.dashboard.deps import OPERATOR, OperatorViewer
from api.dashboard.forms import Filled
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.deps import Db
from api.pagination import PageQuery
from api.query import QueryOf
from api.resources.articles import store
from api.resources.articles.schemas import ArticleQuery
from core import work

router = page_router()
PAGE = Page("failed", router, menu="/failed", group="house", scope=OPERATOR)


class Again(Filled):
    """The article to read again; all of them where none is named."""

    article: UUID | None = None


class FailedQuery(PageQuery):
    """A page, and how many were opened again just now."""

    opened: int | None = None


@router.get("/failed")
def show(request: Request, _: OperatorViewer, db: Db, query: QueryOf[FailedQuery]) -> Response:
    """Articles that were given up, the last collected first."""
    asked = ArticleQuery.model_validate({"state": "failed", "limit": query.limit, "cursor": query.cursor})
    articles, following = store.page(db, asked)
    return render(request, "failed.html", articles=articles, next=following, opened=query.opened)


@router.post("/failed/retry")
def retry(_: OperatorViewer, db: Db, form: Annotated[Again, Form()]) -> Response:
    """Open it again, with a fresh count of attempts; the scheduler sends for it within seconds."""
    opened = work.requeue(db, work.EXTRACT, row_id=form.article)
    return RedirectResponse(f"/failed?opened={opened}", HTTPStatus.SEE_OTHER)

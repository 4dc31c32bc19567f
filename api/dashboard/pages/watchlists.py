"""`/watchlists`: what one watches: the list, one to make or change, and what it would have told.

Redirects after a form name a place of their own (#main), or the browser would keep the one that the form was sent from.
"""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from api.dashboard import backtests, finder, watchlist_pages
from api.dashboard.deps import Editor, Viewer
from api.dashboard.forms import Filled
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.dashboard.watchlist_form import FINDERS, WatchlistForm, of_told
from api.dashboard.watchlist_pages import Shown
from api.dashboard.wording import language_of
from api.deps import Db
from api.errors import Invalid, not_found
from api.pagination import PageQuery
from api.query import QueryOf
from api.resources.watchlists import form as rows
from api.resources.watchlists import keep, store

router = page_router()
PAGE = Page("watchlists", router, menu="/watchlists", group="own")
Filling = Annotated[WatchlistForm, Form()]


class ListQuery(PageQuery):
    """A page of the list, and the name of what was deleted just now."""

    deleted: str | None = Field(None, max_length=200)


class NewQuery(BaseModel):
    """What a new list begins with."""

    model_config = ConfigDict(extra="forbid")

    firm: list[UUID] = Field(default_factory=list, max_length=50)
    bank: list[UUID] = Field(default_factory=list, max_length=50)


class OneQuery(BaseModel):
    """What was done to the list just now."""

    saved: str | None = Field(None, max_length=20)


class BacktestQuery(BaseModel):
    """How many days back."""

    model_config = ConfigDict(extra="forbid")

    days: int = Field(30, ge=1, le=1100)


class Switched(Filled):
    """Whether it is to be in force."""

    enabled: bool = False


@router.get("/watchlists")
def show(request: Request, seen: Viewer, db: Db, query: QueryOf[ListQuery]) -> Response:
    """One's own lists."""
    found, following = store.page(db, seen.subscriber_id, query)
    told = [{**rows.shown(row), "sends_to": row.channels} for row in found]
    return render(request, "watchlists.html", watchlists=told, next=following, deleted=query.deleted)


@router.get("/watchlists/new")
def new(request: Request, seen: Editor, db: Db, query: QueryOf[NewQuery]) -> Response:
    """The form of a new list, with the firms and banks that led here."""
    return watchlist_pages.draw(request, db, seen, Shown(watchlist_pages.begun(request, db, query.firm, query.bank)))


@router.get("/watchlists/names/{kind}")
def names(request: Request, _: Viewer, db: Db, kind: str) -> Response:
    """What may be meant by what was typed so far; a piece of the form, for htmx."""
    if kind not in FINDERS:
        raise not_found("kind")
    found = finder.find(db, kind, request.query_params.get(f"find_{kind}", "")[:200])
    return render(request, "watchlist_names.html", found=found)


@router.post("/watchlists/new")
def create(request: Request, seen: Editor, db: Db, form: Filling) -> Response:
    """A new list; the form again where it is to be looked at before, or something is refused."""
    shown = watchlist_pages.prepared(request, db, seen, form)
    if shown is None:
        try:
            with db.begin_nested():
                row = keep.made(db, seen.subscriber_id, watchlist_pages.given(request, form))
            return RedirectResponse(f"/watchlists/{row.id}?saved=new#main", HTTPStatus.SEE_OTHER)
        except Invalid as refused:
            shown = watchlist_pages.refused(request, form, refused)
    return watchlist_pages.draw(request, db, seen, shown)


@router.get("/watchlists/{watchlist_id}")
def one(request: Request, seen: Viewer, db: Db, watchlist_id: UUID, query: QueryOf[OneQuery]) -> Response:
    """One list as a form."""
    told = keep.told(db, keep.found(db, seen.subscriber_id, watchlist_id))
    shown = Shown(
        of_told(told, language_of(request)), saved=query.saved or "", near=told["suggestions"], meant=told["resolved"]
    )
    return watchlist_pages.draw(request, db, seen, shown, row=told)


@router.post("/watchlists/{watchlist_id}")
def change(request: Request, seen: Editor, db: Db, watchlist_id: UUID, form: Filling) -> Response:
    """The list as the form has it."""
    row = keep.found(db, seen.subscriber_id, watchlist_id)
    told = keep.told(db, row)
    shown = watchlist_pages.prepared(request, db, seen, form)
    if shown is None:
        try:
            with db.begin_nested():
                keep.changed(db, row, watchlist_pages.given(request, form))
            return RedirectResponse(f"/watchlists/{watchlist_id}?saved=changes#main", HTTPStatus.SEE_OTHER)
        except Invalid as refused:
            shown = watchlist_pages.refused(request, form, refused)
    return watchlist_pages.draw(request, db, seen, shown, row=told)


@router.post("/watchlists/{watchlist_id}/switch")
def switch(seen: Editor, db: Db, watchlist_id: UUID, form: Annotated[Switched, Form()]) -> Response:
    """Switch it on or off."""
    keep.changed(db, keep.found(db, seen.subscriber_id, watchlist_id), {"enabled": form.enabled})
    return RedirectResponse("/watchlists", HTTPStatus.SEE_OTHER)


@router.get("/watchlists/{watchlist_id}/backtest")
def backtest(request: Request, seen: Viewer, db: Db, watchlist_id: UUID, query: QueryOf[BacktestQuery]) -> Response:
    """What it would have told."""
    row = keep.found(db, seen.subscriber_id, watchlist_id)
    found = watchlist_pages.tested(db, row, query.days)
    given: dict[str, Any] = {"periods": backtests.PERIODS, "days": query.days}
    return render(request, "backtest.html", watchlist=row, result=found, **given)


@router.get("/watchlists/{watchlist_id}/delete")
def ask(request: Request, seen: Editor, db: Db, watchlist_id: UUID) -> Response:
    """Whether it is really to go."""
    return render(request, "watchlist_delete.html", watchlist=keep.found(db, seen.subscriber_id, watchlist_id))


@router.post("/watchlists/{watchlist_id}/delete")
def delete(seen: Editor, db: Db, watchlist_id: UUID) -> Response:
    """It is no more."""
    row = keep.found(db, seen.subscriber_id, watchlist_id)
    name = row.name
    store.remove(db, row)
    return RedirectResponse(watchlist_pages.after_deleting(name), HTTPStatus.SEE_OTHER)

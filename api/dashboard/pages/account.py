"""`/account`: who is signed in, and where else; each session can be ended."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse

from api.dashboard import cookies, sessions
from api.dashboard.deps import SIGN_IN, Editor, SignedIn
from api.dashboard.forms import Filled
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.deps import Db
from api.errors import not_found
from api.query import QueryOf
from api.resources.subscribers import store as subscribers

router = page_router()
PAGE = Page("account", router)


class Leaving(Filled):
    """One's own name, so that it is no mistake."""

    name: str = ""


class AccountQuery(Filled):
    """Whether another name was typed just now."""

    mistaken: bool = False


class Ended(Filled):
    """The session to end."""

    session: UUID


@router.get("/account")
def show(request: Request, seen: SignedIn, db: Db, query: QueryOf[AccountQuery]) -> Response:
    """The subscriber's name, what their key may do, and their sessions."""
    return render(request, "account.html", sessions=sessions.all_of(db, seen.subscriber_id), mistaken=query.mistaken)


@router.post("/account/delete")
def leave(request: Request, seen: Editor, db: Db, form: Annotated[Leaving, Form()]) -> Response:
    """Whoever is signed in is no more, with all that is theirs; another name deletes nothing."""
    if form.name != seen.name:
        return RedirectResponse("/account?mistaken=true#leave", HTTPStatus.SEE_OTHER)
    subscribers.delete(db, seen.subscriber_id)
    answer = RedirectResponse(SIGN_IN, HTTPStatus.SEE_OTHER)
    cookies.drop(request, answer, cookies.SESSION)
    return answer


@router.post("/account/sessions/end")
def end(seen: SignedIn, db: Db, form: Annotated[Ended, Form()]) -> Response:
    """That session is no more."""
    if not sessions.end(db, form.session, seen.subscriber_id):
        raise not_found("session")
    return RedirectResponse("/account", HTTPStatus.SEE_OTHER)

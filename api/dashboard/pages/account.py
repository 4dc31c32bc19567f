"""`/account`: who is signed in, and where else; each session can be ended."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse

from api.dashboard import sessions
from api.dashboard.deps import SignedIn
from api.dashboard.forms import Filled
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.deps import Db
from api.errors import not_found

router = page_router()
PAGE = Page("account", router)


class Ended(Filled):
    """The session to end."""

    session: UUID


@router.get("/account")
def show(request: Request, seen: SignedIn, db: Db) -> Response:
    """The subscriber's name, what their key may do, and their sessions."""
    return render(request, "account.html", sessions=sessions.all_of(db, seen.subscriber_id))


@router.post("/account/sessions/end")
def end(seen: SignedIn, db: Db, form: Annotated[Ended, Form()]) -> Response:
    """That session is no more."""
    if not sessions.end(db, form.session, seen.subscriber_id):
        raise not_found("session")
    return RedirectResponse("/account", HTTPStatus.SEE_OTHER)

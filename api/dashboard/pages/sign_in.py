"""`/sign-in` and `/sign-out`: an API key is exchanged for a session, which the browser keeps."""

from http import HTTPStatus
from typing import Annotated

import structlog
from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import Field

from api.dashboard import attempts, cookies, csrf, sessions
from api.dashboard.deps import SIGN_IN, Anyone, safe_next
from api.dashboard.forms import Filled
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.deps import Db
from core import database
from core.models.sessions import LIFE

log = structlog.get_logger(__name__)
router = page_router()
PAGE = Page("sign_in", router)


class SignInForm(Filled):
    """A key, and where its owner was going."""

    key: str = Field("", max_length=200)
    next: str = Field("/", max_length=2000)


@router.get(SIGN_IN)
def ask(request: Request, seen: Anyone, next: str = "/") -> Response:
    """The form; who is signed in already goes on."""
    if seen is not None:
        return RedirectResponse(safe_next(next), HTTPStatus.SEE_OTHER)
    return _form(request, next)


@router.post(SIGN_IN)
def sign_in(request: Request, db: Db, form: Annotated[SignInForm, Form()]) -> Response:
    """A session for a good key; the form again for another, and for now not even that after too many."""
    address = request.client.host if request.client else ""
    with database.at_once() as flight:  # counted whatever becomes of the rest
        wait = attempts.wait(flight, address)
    if wait:
        return _form(request, form.next, wait=wait)
    token = sessions.begin(db, form.key.strip(), request.headers.get("user-agent", ""))
    if token is None:
        log.warning("dashboard.sign_in_refused", address=address)
        return _form(request, form.next, refused=True)
    attempts.forget(db, address)
    answer = RedirectResponse(safe_next(form.next), HTTPStatus.SEE_OTHER)
    cookies.put(request, answer, cookies.SESSION, token, life=LIFE)
    cookies.drop(request, answer, cookies.FORM)
    return answer


@router.post("/sign-out")
def sign_out(request: Request, db: Db, seen: Anyone) -> Response:
    """The session is no more, here and in the browser."""
    if seen is not None:
        sessions.end(db, seen.session_id, seen.subscriber_id)
    answer = RedirectResponse(SIGN_IN, HTTPStatus.SEE_OTHER)
    cookies.drop(request, answer, cookies.SESSION)
    return answer


def _form(request: Request, following: str, *, refused: bool = False, wait: int = 0) -> Response:
    status = HTTPStatus.TOO_MANY_REQUESTS if wait else HTTPStatus.FORBIDDEN if refused else HTTPStatus.OK
    headers = {"retry-after": str(wait)} if wait else None
    csrf.begin(request)
    given = {"next": safe_next(following), "refused": refused, "wait": wait}
    answer = render(request, "sign_in.html", status=status, headers=headers, **given)
    csrf.remember(request, answer)
    return answer

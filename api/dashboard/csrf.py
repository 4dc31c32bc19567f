"""That a form comes from our own page: a token bound to the reader's cookie, and the browser's word for it."""

import hashlib
import hmac
import secrets
from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi import HTTPException, Request, Response

from api.dashboard import cookies
from core.settings import settings

FIELD = "csrf"
HEADER = "x-csrf-token"


def token(request: Request) -> str:
    """The token of the forms of this reader, empty where they have no cookie to bind it to."""
    bound = cookies.get(request, cookies.SESSION) or cookies.get(request, cookies.FORM)
    return hmac.digest(bound.encode(), b"yinqi csrf", hashlib.sha256).hex() if bound else ""


def begin(request: Request) -> str:
    """A value for the cookie of one who is not signed in; the request is given it, so that its page has a token."""
    value = cookies.get(request, cookies.FORM) or secrets.token_urlsafe(32)
    request.cookies[cookies.named(request, cookies.FORM)] = value
    return value


def remember(request: Request, response: Response) -> None:
    """Set the cookie that `begin` gave the request."""
    cookies.put(request, response, cookies.FORM, cookies.get(request, cookies.FORM))


async def check(request: Request) -> None:
    """HTTPException 403 unless our own page sent this form."""
    if not _from_here(request):
        raise HTTPException(HTTPStatus.FORBIDDEN, "this form was sent from another site")
    given = request.headers.get(HEADER) or (await request.form()).get(FIELD)
    expected = token(request)
    if not expected or not isinstance(given, str) or not hmac.compare_digest(given.encode(), expected.encode()):
        raise HTTPException(HTTPStatus.FORBIDDEN, "this form is of an earlier sign-in: load the page again")


def _from_here(request: Request) -> bool:
    """Browsers say with every form where it comes from: by Origin, those before 2020 by Referer alone."""
    told = request.headers.get("origin") or request.headers.get("referer", "")
    here = {request.headers.get("host", "").lower(), urlsplit(settings().public_url).netloc.lower()}
    return urlsplit(told).netloc.lower() in here - {""}

"""Who looks at a page, beside api/deps.py, which says who asks the API: `Viewer`, `Editor`, `OperatorViewer`.

Who is not signed in is sent to do so and then back to where they were going.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import Depends, HTTPException, Request

from api.dashboard import cookies, sessions
from api.deps import Caller
from core import database
from core.keys import SCOPES, in_force

SIGN_IN = "/sign-in"
OPERATOR = SCOPES[-1]
"""The scope of those who run the installation."""


@dataclass(frozen=True)
class Visitor(Caller):
    """Who is signed in: a `Caller` of the API, and beside that their name and their session."""

    name: str
    session_id: UUID


def visitor(request: Request) -> Visitor | None:
    """Who is signed in, None where nobody is; the page's frame reads it from the request's state."""
    token = cookies.get(request, cookies.SESSION)
    found = None
    if token:
        with database.at_once() as flight:
            found = sessions.find(flight, token)
    seen = None if found is None else _visitor(found)
    request.state.visitor = seen
    request.state.known = str(seen.key_id) if seen else None  # for whom the request counts (api/limits)
    if seen is not None:
        request.state.subscriber_id = seen.subscriber_id  # for the log (api/frame)
    return seen


def _visitor(found: Any) -> Visitor:
    return Visitor(found.subscriber_id, frozenset(in_force(found.scopes)), found.name, found.id, key_id=found.key_id)


Anyone = Annotated[Visitor | None, Depends(visitor)]


async def signed_in(request: Request, seen: Anyone) -> Visitor:
    """Whoever is signed in, whatever their key may do; others are asked to."""
    if seen is None:
        raise _signed_out(request)
    return seen


SignedIn = Annotated[Visitor, Depends(signed_in)]


def needs(scope: str) -> Callable[[Visitor], Awaitable[Visitor]]:
    """A dependency that lets only those pass whose key has `scope` (403), and asks others to sign in."""

    async def allowed(seen: SignedIn) -> Visitor:
        if scope not in seen.scopes:
            raise HTTPException(HTTPStatus.FORBIDDEN, f"your key lacks the scope {scope!r}")
        return seen

    return allowed


def _signed_out(request: Request) -> HTTPException:
    """On to the sign-in; htmx would put that page into a piece of this one, unless it is told to leave it."""
    back = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    to = f"{SIGN_IN}?next={quote(back, safe='')}" if request.method == "GET" else SIGN_IN
    if "hx-request" in request.headers:
        return HTTPException(HTTPStatus.NO_CONTENT, "sign in first", {"hx-redirect": SIGN_IN})
    return HTTPException(HTTPStatus.SEE_OTHER, "sign in first", {"location": to})


def safe_next(address: str | None) -> str:
    """A path of our own to go on to; `/` for all that might lead elsewhere."""
    if not address or not address.startswith("/") or address[1:2] in ("/", "\\"):
        return "/"
    return address if address.isprintable() and "\\" not in address and len(address) <= 2000 else "/"


Viewer = Annotated[Visitor, Depends(needs("read"))]
Editor = Annotated[Visitor, Depends(needs("write"))]
OperatorViewer = Annotated[Visitor, Depends(needs(OPERATOR))]

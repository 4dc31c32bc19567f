"""What guards every page: forms are capped and come from our own pages, and errors are pages too."""

from collections.abc import AsyncGenerator, Callable, Coroutine
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.routing import APIRoute

from api.dashboard import csrf, problems

MAX_FORM = 2**20  # bytes; a list of 10,000 names is 300 kB
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class PageRequest(Request):
    """A request whose form is capped at `MAX_FORM` bytes (413)."""

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """The pieces of the body."""
        size = 0
        async for piece in super().stream():
            size += len(piece)
            if size > MAX_FORM:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a form has at most {MAX_FORM:,} bytes")
            yield piece


class PageRoute(APIRoute):
    """The route of a page. Fields of a search that were left empty are as if they were not there."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, guarded."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            problems.draw_pages(request)
            request.scope["query_string"] = _filled(request.scope["query_string"])
            page = PageRequest(request.scope, request.receive)
            if page.method not in ("GET", "HEAD"):
                _check_type(page)
                await csrf.check(page)
            return await handle(page)

        return guarded


def _filled(query: bytes) -> bytes:
    """Browsers send every field of a form, the empty ones too."""
    if b"=&" not in query and not query.endswith(b"="):
        return query
    given = parse_qsl(query.decode("utf-8", "replace"))
    return urlencode([(name, value) for name, value in given if value.strip()]).encode()


def _check_type(request: Request) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _FORMS:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"a form is sent here, not {kind[:80] or 'nothing'}")


def page_router() -> APIRouter:
    """A router for a page: its forms are guarded, its errors are pages, and the OpenAPI document leaves it out."""
    return APIRouter(route_class=PageRoute, include_in_schema=False)

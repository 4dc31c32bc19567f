"""Bodies are JSON in UTF-8; anything else is refused with what it is and where."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

from api import idempotency, query
from api.deps import Asking, Bearer

MAX_BODY = 2**20  # bytes; a watchlist of 10,000 names is 300 kB
MAX_PUSH = 32 * 2**20  # bytes; an article of 5,000,000 characters, each written as \\uXXXX, is 30 MB
_PUSHING = ThreadPoolExecutor(20, "push")  # as many at once as the engine has connections (core/database.py)


def parse(content: bytes) -> Any:
    """The JSON value of `content`; HTTPException 400 names the byte that is not UTF-8 or the place that is not JSON."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        reason = f"the body is not UTF-8: byte {error.start} (0x{content[error.start]:02x}) does not belong there"
        raise HTTPException(HTTPStatus.BAD_REQUEST, reason) from None
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST, f"the body is not JSON: {error}") from None


class JsonRequest(Request):
    """A request whose body is capped at `most` bytes and read strictly: UTF-8 only, no NaN, no lone surrogates."""

    most = MAX_BODY

    async def body(self) -> bytes:
        """The body; HTTPException 413 as soon as it is told or found to be too large."""
        if not hasattr(self, "_body"):
            self._body = b"".join([piece async for piece in self._capped()])
        return self._body

    async def json(self) -> Any:
        """The body's value."""
        return parse(await self.body())

    @property
    def is_told_small(self) -> bool:
        """Whether it says that its body has no more than MAX_BODY bytes."""
        return 0 < self._told_size <= MAX_BODY

    @property
    def _told_size(self) -> int:
        told = self.headers.get("content-length", "")
        return int(told) if told.isdecimal() else 0

    async def _capped(self) -> AsyncIterator[bytes]:
        size = self._told_size
        if size <= self.most:
            size = 0
            async for piece in self.stream():
                size += len(piece)
                if size > self.most:
                    break
                yield piece
        if size > self.most:
            reason = f"the body is larger than {self.most:,} bytes"
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, reason)


class JsonRoute(APIRoute):
    """A route that reads its body so, refuses other media types by name, and heeds an Idempotency-Key."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **given: Any) -> None:
        """As a route is made; the document tells the parameters of its query (api/query.py)."""
        if told := query.parameters(endpoint):
            given["openapi_extra"] = {**(given.get("openapi_extra") or {}), "parameters": told}
        super().__init__(path, endpoint, **given)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As a route matches; but where a path is written out, what stands there is no id of another route."""
        found, child = super().matches(scope)
        if found != Match.NONE and self.param_convertors and scope["path"] in scope["app"].state.written:
            return Match.NONE, {}
        return found, child

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, given our kind of request."""
        handle, most = super().get_route_handler(), MAX_BODY
        for one in self.dependant.dependencies:
            if isinstance(one.call, Pushes):
                handle, most = _handed_over(one.call, self.endpoint), MAX_PUSH

        async def strict(request: Request) -> Response:
            _check_type(request)
            read = JsonRequest(request.scope, request.receive)
            read.most = most
            if idempotency.HEADER in request.headers and request.method == "POST":
                return await idempotency.once(read, handle)
            return await handle(read)

        return strict


def _handed_over(pushes: "Pushes", endpoint: Callable[..., Response]) -> Callable[[Any], Coroutine[Any, Any, Response]]:
    """A route that depends on what is pushed alone, and answers by itself: nothing else is to be found out of its
    signature, which FastAPI would do for each request anew, and a thread is at hand in half of anyio's time."""

    async def handle(request: JsonRequest) -> Response:
        pushed, context = await pushes(request), copy_context()
        return await asyncio.get_running_loop().run_in_executor(_PUSHING, context.run, endpoint, pushed)

    return handle


def _check_type(request: Request) -> None:
    length, given = request.headers.get("content-length"), request.headers.get("content-type", "")
    kind = given.partition(";")[0].strip().lower()
    if (length not in (None, "0") or "transfer-encoding" in request.headers) and kind != "application/json":
        told = f"a body is application/json, not {kind[:80] or 'of an untold type'}"
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, told)


@dataclass(frozen=True)
class Pushed:
    """The value of a body, and who sent it, which is not known yet."""

    asking: Asking
    value: Any


class Pushes(Bearer):
    """A dependency for the route that takes large bodies (MAX_PUSH), judges their items one by one, and finds out by
    itself who asks.

    Of who may not ask no body is judged, and none is read that is large or of untold size.
    """

    async def __call__(self, request: JsonRequest) -> Pushed:
        """Both."""
        asking = Asking(request, self.scope)
        if not request.is_told_small:
            await run_in_threadpool(asking.caller)
        try:
            return Pushed(asking, await request.json())
        except HTTPException:
            await run_in_threadpool(asking.caller)
            raise

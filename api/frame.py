"""What surrounds every request: an id that stands in the log, security headers, and a last net under all errors."""

import logging
import os
import re
import time
from typing import Any

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import respond

log = structlog.get_logger(__name__)
_LEVELS = logging.getLogger(__name__)  # asks less than structlog where nothing is to be told
_PROOFS = ("/v1/unsubscribe/", "/v1/confirm/")  # paths that end in a secret
_GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")

# Answers are data: nothing in them is to be run, framed, guessed at or kept by a shared cache.
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)


class Frame:
    """ASGI middleware, the outermost of ours."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        before = structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self._serve(scope, receive, send, request_id)
        finally:
            structlog.contextvars.reset_contextvars(**before)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        started = time.monotonic()
        status = 0

        async def framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": _framed(message["headers"], request_id)}
            await send(message)

        try:
            await self._guarded(scope, receive, framed)
        except Exception:
            log.exception("api.error", **_told(scope))
            if status:
                raise  # the answer is half sent: the connection must break, or the reader would take it for whole
            await respond(Request(scope), 500, "an error of ours; the log has it under this request id")(
                scope, receive, framed
            )
        finally:
            level = logging.DEBUG if status < 400 else logging.INFO
            if _LEVELS.isEnabledFor(level):
                milliseconds = round((time.monotonic() - started) * 1000, 1)
                log.log(level, "api.request", **_told(scope), status=status, ms=milliseconds)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what PostgreSQL's text cannot hold before it comes anywhere near it."""
        if b"%00" in scope.get("query_string", b"") or "\0" in scope["path"]:
            detail = "the address contains a NUL character"
            await respond(Request(scope), 400, detail)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def shown(path: str) -> str:
    """A path as logs may hold it: without what stands in an address to prove who asks."""
    prefix = next((one for one in _PROOFS if path.startswith(one)), None)
    return path if prefix is None else f"{prefix}…"


def _told(scope: Scope) -> dict[str, Any]:
    """What was asked, and by whom, where that was found out (api/deps)."""
    told = {"method": scope["method"], "path": shown(scope["path"])}
    if who := scope["state"].get("subscriber_id"):
        told["subscriber_id"] = str(who)
    return told


def _request_id(scope: Scope) -> str:
    """The caller's own X-Request-ID where it is a plain word, else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _GIVEN_ID.fullmatch(value):
            return str(value, "ascii")
    return os.urandom(16).hex()


def _framed(headers: Any, request_id: str) -> list[tuple[bytes, bytes]]:
    """The answer's own headers, and ours where it sets none of that name."""
    own = list(headers)
    names = {name.lower() for name, _ in own}
    return [*own, *(one for one in _HEADERS if one[0] not in names), (b"x-request-id", request_id.encode())]

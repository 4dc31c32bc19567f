"""The library `requests`, which Apprise's services speak by, has one way out of this process: core/http.

Its adapter is replaced, under whatever session a service makes: each address is judged and the connection goes to the
judged address itself, redirects are not followed, answers are capped, and there is one deadline for a whole message.
"""

import asyncio
import io
import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict

from alerts.channels import _out
from core.errors import YinqiError
from core.http import Response

MOST = 8  # requests of one message: some services sign in first
_OWN = {"content-length", "transfer-encoding", "connection", "accept-encoding", "host"}  # core/http's to set
_NOT_TOLD = {"location", "refresh", "content-encoding", "content-length", "transfer-encoding"}


@dataclass
class Way:
    """What one message may do: on this loop, until then (monotonic seconds); what it did and met."""

    loop: asyncio.AbstractEventLoop
    until: float
    answers: list[Response] = field(default_factory=list)
    refused: YinqiError | None = None
    asked: int = 0


_WAY: ContextVar[Way | None] = ContextVar("way", default=None)


def open_way(way: Way) -> None:
    """Let requests of this context go out; any other is refused."""
    _WAY.set(way)


def _send(self: Any, request: Any, *_: Any, **__: Any) -> Any:  # noqa: ARG001 - as the library calls its adapter
    """In place of `HTTPAdapter.send`: what is asked of time-outs, proxies and certificates does not count."""
    way = _WAY.get()
    if way is None:
        raise requests.exceptions.ConnectionError("requests has no way out of this process but within an alert")
    way.asked += 1
    if way.asked > MOST or time.monotonic() >= way.until:
        raise requests.exceptions.ConnectionError("a message may not ask so often, or so long")
    body = request.body.encode() if isinstance(request.body, str) else request.body
    if body is not None and not isinstance(body, bytes | bytearray):
        raise requests.exceptions.ConnectionError("bodies that are read while they are sent are not taken")
    asked = _asked(request.method, request.url, request.headers, bytes(body or b""), way.until)
    try:
        answer = asyncio.run_coroutine_threadsafe(asked, way.loop).result()
    except YinqiError as error:
        way.refused = error
        raise requests.exceptions.ConnectionError(str(error)) from error
    way.answers.append(answer)
    return _as_theirs(answer, request)


async def _asked(method: str, url: str, headers: Mapping[str, Any], content: bytes, until: float) -> Response:
    own = {name: _text(value) for name, value in headers.items() if name.lower() not in _OWN}
    return await _out.outbound().request(
        method,
        url,
        headers=own,
        content=content,
        follow=False,
        max_bytes=_out.ANSWER_READ,
        total_timeout=max(0.5, until - time.monotonic()),
        truncate=True,
        fresh=True,
    )


def _as_theirs(answer: Response, request: Any) -> Any:
    """The answer as the library's own, without what would lead it elsewhere."""
    made = requests.Response()
    made.status_code, made.url, made.request = answer.status, answer.url, request
    made._content = answer.body
    made.raw = io.BytesIO(b"")
    told = {name: value for name, value in answer.headers.items() if name.lower() not in _NOT_TOLD}
    made.headers = CaseInsensitiveDict(told)
    made.encoding = "utf-8"
    return made


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


HTTPAdapter.send = _send  # type: ignore[method-assign] # that is the point

"""`Idempotency-Key`: a POST that is sent again is answered again, and carried out once.

A client that got no answer cannot know whether its request was carried out. With a key of its own choice it may send
the same request again for a day: it gets the first answer, with its status and body. The answer is kept after what
was done is committed; a process that dies in between leaves a lease, after which the request is carried out again.
Errors that may pass (409, 5xx) are not kept. (draft-ietf-httpapi-idempotency-key-header-07)
"""

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from uuid import UUID

from cryptography.fernet import Fernet
from fastapi import HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool

from api import deps
from api.errors import Invalid
from api.idempotency import store
from core.keys import hash_key
from core.models import Idempotency

HEADER = "idempotency-key"
REPLAYED = "idempotency-replayed"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_SOON = {"retry-after": "1"}

_Handle = Callable[[Request], Awaitable[Response]]


async def once(request: Request, handle: _Handle) -> Response:
    """The answer of `handle`, or the one that it gave to the same request before.

    Invalid (422) where the key was used for another request, HTTPException 409 while that is being carried out.
    """
    plain = await _api_key(request)
    asked = await run_in_threadpool(
        store.claim,
        api_key=hash_key(plain),
        route=f"{request.method} {request.url.path}",
        key=_checked(request.headers[HEADER]),
        digest=await _digest(request),
    )
    if isinstance(asked, Idempotency):
        return _again(asked, plain, await _digest(request))
    return await _first(request, handle, asked, plain)


async def _api_key(request: Request) -> str:
    """The key that asks; 401 unless it is in force. Whose a stored answer is, only they may see."""
    await run_in_threadpool(deps.caller, request)
    return deps.shown_key(request)


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise Invalid.at("header.idempotency-key", "1 to 255 visible ASCII characters, such as a UUID")
    return key


async def _digest(request: Request) -> str:
    return hashlib.sha256(request.url.query.encode() + b"\n" + await request.body()).hexdigest()


def _again(kept: Idempotency, plain: str, digest: str) -> Response:
    if kept.digest != digest:
        raise Invalid.at("header.idempotency-key", "this key was used for another request: choose a new one for this")
    if kept.status is None or kept.body is None:
        reason = "the same request is being carried out: try again"
        raise HTTPException(HTTPStatus.CONFLICT, reason, _SOON)
    body = _box(plain).decrypt(kept.body)
    return Response(body, kept.status, {REPLAYED: "true"}, media_type=kept.media_type)


async def _first(request: Request, handle: _Handle, token: UUID, plain: str) -> Response:
    """Carry the request out and keep the answer, also where that is what was wrong with the request."""
    try:
        response = await _answered(request, handle)
    except BaseException:
        await run_in_threadpool(store.forget, token)
        raise
    if response.status_code == HTTPStatus.CONFLICT or response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        await run_in_threadpool(store.forget, token)
    else:
        sealed = _box(plain).encrypt(bytes(response.body))
        kind = response.headers.get("content-type")
        await run_in_threadpool(store.keep, token, status=response.status_code, media_type=kind, body=sealed)
    return response


async def _answered(request: Request, handle: _Handle) -> Response:
    """The answer once the route's transaction is committed; an error as its own handler answers it."""
    try:
        async with request.scope["fastapi_function_astack"]:  # holds the transaction (api/deps.py)
            return await handle(request)
    except Exception as error:
        handlers = request.app.exception_handlers
        handler = next((handlers[kind] for kind in type(error).__mro__ if kind in handlers), None)
        if handler is None:
            raise
        response: Response = handler(request, error)
        return response


def _box(plain: str) -> Fernet:
    """Answers may hold secrets, and only who has the API key may read them: it is their key."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"idempotency " + plain.encode()).digest()))

"""What routes depend on: the transaction of the request, and who is asking."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import Depends, HTTPException, Request
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from fastapi.security.utils import get_authorization_scheme_param
from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from core import database, sql
from core.keys import EARLIER, hash_key
from core.models import ApiKey

USED = timedelta(minutes=10)
"""How exactly it is told when a key was last used."""

# Every request asks this. That the key was used is written in the same statement, and seldom.
_key = sql.table(ApiKey).c
_asks = and_(
    _key.hash == bindparam("hash"),
    _key.revoked_at.is_(None),
    or_(_key.expires_at.is_(None), _key.expires_at > func.now()),
)
_long_ago = or_(_key.last_used_at.is_(None), _key.last_used_at < func.now() - USED)
_rested = select(_key.id).where(_asks, _long_ago).with_for_update(key_share=True, skip_locked=True)
_used = (
    update(sql.table(ApiKey)).where(_key.id.in_(_rested.scalar_subquery())).values(last_used_at=func.now()).cte("used")
)
_told = select(*sql.table(ApiKey).c["id", "subscriber_id", "scopes", "expires_at"]).where(_asks)
_KEY = sql.Query(_told.add_cte(_used))


@dataclass(frozen=True)
class Caller:
    """Who is asking: the subscriber behind the key, what the key may do, which it is and until when it is good."""

    subscriber_id: UUID
    scopes: frozenset[str]
    key_id: UUID | None = field(default=None, kw_only=True)
    expires_at: datetime | None = field(default=None, kw_only=True)


def transaction() -> Iterator[Session]:
    """The request's session; committed before the answer is sent, rolled back where the route raises."""
    with database.transaction() as session:
        yield session


Db = Annotated[Session, Depends(transaction, scope="function")]


def shown_key(request: Request) -> str:
    """The bearer key that a request shows; empty where it shows none."""
    scheme, key = get_authorization_scheme_param(request.headers.get("authorization"))
    return key if scheme.lower() == "bearer" else ""


def caller(request: Request) -> Caller:
    """The owner of the bearer key; 401 for none, an unknown, an expired and a revoked one alike.

    The key is found by its hash, so the time taken tells nothing about it. The session is one of its own and ends
    here: a connection held from one worker thread to the next could starve the pool.
    """
    shown = shown_key(request)
    with database.at_once() as session:
        key = _KEY(session, hash=hash_key(shown)).fetchone()
    # for whom the request counts: the key, or the address it came from (api/limits)
    request.state.known = str(key.id) if key else None
    if key is None:
        reason = "this key is unknown, expired or revoked" if shown else "an API key is needed: Authorization: Bearer …"
        raise HTTPException(HTTPStatus.UNAUTHORIZED, reason, {"www-authenticate": "Bearer"})
    structlog.contextvars.bind_contextvars(subscriber_id=str(key.subscriber_id))
    scopes = frozenset(EARLIER.get(scope, scope) for scope in key.scopes)
    return Caller(key.subscriber_id, scopes, key_id=key.id, expires_at=key.expires_at)


class Needs(SecurityBase):
    """A dependency that lets only callers pass whose key has the scope (403).

    One and not three on top of each other (the header, its owner, the scope), since FastAPI solves each by itself.
    """

    scheme_name = "ApiKey"
    model = HTTPBearer(description="A key that `yinqi subscriber add NAME` printed")

    def __init__(self, scope: str) -> None:
        self._scope = scope

    def __call__(self, request: Request) -> Caller:
        """Who asks."""
        asking = caller(request)
        if self._scope not in asking.scopes:
            raise HTTPException(HTTPStatus.FORBIDDEN, f"this key lacks the scope {self._scope!r}")
        return asking


Reader = Annotated[Caller, Depends(Needs("read"))]
Writer = Annotated[Caller, Depends(Needs("write"))]
Operator = Annotated[Caller, Depends(Needs("admin"))]

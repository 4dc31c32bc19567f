"""What routes depend on: the transaction of the request, and who is asking."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from core import database, sql
from core.keys import hash_key
from core.models import ApiKey

bearer = HTTPBearer(
    auto_error=False, scheme_name="ApiKey", description="A key that `yinqi subscriber add NAME` printed"
)


# Every request asks this.
_key = sql.table(ApiKey).c
_KEY = sql.Query(
    select(_key.subscriber_id, _key.scopes).where(
        _key.hash == bindparam("hash"),
        _key.revoked_at.is_(None),
        or_(_key.expires_at.is_(None), _key.expires_at > func.now()),
    )
)


@dataclass(frozen=True)
class Caller:
    """Who is asking: the subscriber behind the key, and what the key may do."""

    subscriber_id: UUID
    scopes: frozenset[str]


def transaction() -> Iterator[Session]:
    """The request's session; committed before the answer is sent, rolled back where the route raises."""
    with database.transaction() as session:
        yield session


Db = Annotated[Session, Depends(transaction, scope="function")]


def caller(given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Caller:
    """The owner of the bearer key; 401 for none, an unknown, an expired and a revoked one alike.

    The key is found by its hash, so the time taken tells nothing about it. The session is one of its own and ends
    here: a connection held from one worker thread to the next could starve the pool.
    """
    plain = given.credentials if given else ""
    with database.at_once() as session:
        key = _KEY(session, hash=hash_key(plain)).fetchone()
    if key is None:
        reason = "this key is unknown, expired or revoked" if given else "an API key is needed: Authorization: Bearer …"
        raise HTTPException(HTTPStatus.UNAUTHORIZED, reason, {"www-authenticate": "Bearer"})
    structlog.contextvars.bind_contextvars(subscriber_id=str(key.subscriber_id))
    return Caller(key.subscriber_id, frozenset(key.scopes))


def needs(scope: str) -> Callable[[Caller], Awaitable[Caller]]:
    """A dependency that lets only keys with `scope` pass (403)."""

    async def allowed(asking: Annotated[Caller, Depends(caller)]) -> Caller:  # async: needs no thread of its own
        if scope not in asking.scopes:
            raise HTTPException(HTTPStatus.FORBIDDEN, f"this key lacks the scope {scope!r}")
        return asking

    return allowed


Reader = Annotated[Caller, Depends(needs("read"))]
Writer = Annotated[Caller, Depends(needs("write"))]
Operator = Annotated[Caller, Depends(needs("operator"))]

"""What routes depend on: the transaction of the request, and who is asking."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, HTTPException, Request
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from fastapi.security.utils import get_authorization_scheme_param
from sqlalchemy import TextualSelect, and_, bindparam, func, or_, select, true, update
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
_told = select(_key.id.label("key_id"), _key.subscriber_id, _key.scopes, _key.expires_at).where(_asks)
_KEY = sql.Query(_told.add_columns(func.now().label("moment")).add_cte(_used))


def beside_key(asked: TextualSelect, *, prepared: bool = True) -> sql.Query:
    """The first row of `asked` beside the key of who asks, for `Asking.row`; for no good key nothing is looked for."""
    key, found = _told.add_cte(_used).cte("key"), asked.subquery("found")
    return sql.Query(select(*key.c, *found.c).select_from(key.outerjoin(found, true())), binary=True, prepared=prepared)


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


class Asking:
    """Someone of whom it is not known yet who it is: a key that was shown, and the scope that it needs.

    For routes that are asked all day. Nothing may be answered before `caller` or `row` has found out.
    """

    def __init__(self, request: Request, scope: str | None = None) -> None:
        self._request, self._scope = request, scope
        self._hash = hash_key(shown_key(request))

    def caller(self) -> Caller:
        """The owner of the key; 401 for none, an unknown, an expired and a revoked one alike, 403 without the scope.

        The key is found by its hash, so the time taken tells nothing about it. The session is one of its own and ends
        here: a connection held from one worker thread to the next could starve the pool.
        """
        with database.at_once() as flight:
            key = self.row(flight)
        return Caller(key.subscriber_id, _named(key.scopes), key_id=key.key_id, expires_at=key.expires_at)

    def row(self, flight: sql.Flight, asked: sql.Query = _KEY, **values: Any) -> Any:
        """What is asked for with `beside_key`, in one journey to PostgreSQL, or the key alone; raises as `caller`."""
        return self.found(asked(flight, hash=self._hash, **values))

    def ask(self, flight: sql.Flight) -> sql.Rows:
        """Have the key looked for, and the `moment` told; `found` takes what is returned."""
        return _KEY(flight, hash=self._hash)

    def found(self, asked: sql.Rows) -> Any:
        """The row that was asked for; raises as `caller`."""
        row = asked.fetchone()
        # for whom the request counts: the key, or the address it came from (api/limits)
        state = self._request.scope["state"]
        state["known"] = str(row.key_id) if row else None
        if row is None:
            shown = shown_key(self._request)
            reason = (
                "this key is unknown, expired or revoked" if shown else "an API key is needed: Authorization: Bearer …"
            )
            raise HTTPException(HTTPStatus.UNAUTHORIZED, reason, {"www-authenticate": "Bearer"})
        state["subscriber_id"] = row.subscriber_id  # for the log (api/frame)
        if self._scope and self._scope not in row.scopes and self._scope not in _named(row.scopes):
            raise HTTPException(HTTPStatus.FORBIDDEN, f"this key lacks the scope {self._scope!r}")
        return row

    @contextmanager
    def before_refusal(self) -> Iterator[None]:
        """Whoever may not ask is told so, and not what is wrong with what was asked."""
        try:
            yield
        except Exception:
            self.caller()
            raise


class Bearer(SecurityBase):
    """The bearer key of a request, which needs a scope.

    One dependency and not three on top of each other (the header, its owner, the scope), since FastAPI solves each by
    itself.
    """

    scheme_name = "ApiKey"
    model = HTTPBearer(description="A key that `yinqi subscriber add NAME` printed")

    def __init__(self, scope: str) -> None:
        self.scope = scope


class Needs(Bearer):
    """A dependency that lets only callers pass whose key has the scope."""

    def __call__(self, request: Request) -> Caller:
        """Who asks; raises as `Asking.caller`."""
        return Asking(request, self.scope).caller()


def _named(scopes: Sequence[str]) -> frozenset[str]:
    """Scopes by the names that they have now."""
    return frozenset(EARLIER.get(scope, scope) for scope in scopes)


def caller(request: Request) -> Caller:
    """The owner of the key that a request shows, whatever it may do; raises as `Asking.caller`."""
    return Asking(request).caller()


Reader = Annotated[Caller, Depends(Needs("read"))]
Writer = Annotated[Caller, Depends(Needs("write"))]
Operator = Annotated[Caller, Depends(Needs("admin"))]

"""Sign-ins: all SQL of the table `session`. A session ends with its key, whether that is revoked or runs out."""

import secrets
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session

from core import sql
from core.clock import now
from core.keys import hash_key
from core.models import ApiKey, Subscriber, WebSession
from core.models.sessions import LIFE

AGENT = 200  # characters that are kept of what a browser calls itself
_SEEN = timedelta(minutes=10)  # how exact `seen_at` is: not every look is worth a write
_own, _key, _who = sql.table(WebSession).c, sql.table(ApiKey).c, sql.table(Subscriber).c
_IN_FORCE = (_key.revoked_at.is_(None), or_(_key.expires_at.is_(None), _key.expires_at > func.now()))

# Every page asks this.
_FIND = sql.Query(
    select(_own.id, _own.seen_at, _key.subscriber_id, _key.id.label("key_id"), _key.scopes, _who.name)
    .join_from(sql.table(WebSession), sql.table(ApiKey), _own.api_key_id == _key.id)
    .join(sql.table(Subscriber), _who.id == _key.subscriber_id)
    .where(_own.hash == bindparam("hash"), _own.expires_at > func.now(), *_IN_FORCE)
)
_SEE = sql.Query(update(sql.table(WebSession)).where(_own.id == bindparam("row")).values(seen_at=func.now()))


def find(asker: sql.Asker, token: str) -> Any:
    """The session of `token` with its subscriber's id and name, its key's id and scopes; None: none is in force."""
    found = _FIND(asker, hash=hash_key(token)).fetchone()
    if found is not None and found.seen_at < now() - _SEEN:
        _SEE(asker, row=found.id)
    return found


def good(session: Session, hashes: Collection[str]) -> set[str]:
    """Those of some sessions, by the hashes of their tokens, that are in force and may read."""
    found = select(WebSession.hash).join(WebSession.api_key).where(WebSession.hash.in_(hashes), *_in_force())
    return set(session.scalars(found.where(WebSession.expires_at > func.now(), ApiKey.scopes.contains(["read"]))))


def begin(session: Session, key: str, agent: str) -> str | None:
    """Sign in with an API key: the token of a new session; None where the key is unknown, revoked or has run out.

    What ran out long ago, of anyone, is swept on the way.
    """
    session.execute(delete(WebSession).where(WebSession.expires_at < func.now()))
    key_id = session.scalar(select(ApiKey.id).where(ApiKey.hash == hash_key(key), *_in_force()))
    if key_id is None:
        return None
    token = secrets.token_urlsafe(32)
    told = "".join(sign for sign in agent if sign.isprintable())[:AGENT]
    session.add(WebSession(api_key_id=key_id, hash=hash_key(token), agent=told, expires_at=now() + LIFE))
    return token


def end(session: Session, session_id: UUID, subscriber_id: UUID) -> bool:
    """End one of a subscriber's sessions; False where they have none of that id."""
    own = select(ApiKey.id).where(ApiKey.subscriber_id == subscriber_id)
    ended = delete(WebSession).where(WebSession.id == session_id, WebSession.api_key_id.in_(own))
    return session.scalar(ended.returning(WebSession.id)) is not None


def all_of(session: Session, subscriber_id: UUID) -> Sequence[WebSession]:
    """A subscriber's sessions that are in force, the last begun first."""
    found = select(WebSession).join(WebSession.api_key)
    found = found.where(ApiKey.subscriber_id == subscriber_id, WebSession.expires_at > func.now(), *_in_force())
    return session.scalars(found.order_by(WebSession.created_at.desc())).all()


def _in_force() -> tuple[Any, ...]:
    return ApiKey.revoked_at.is_(None), or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > func.now())

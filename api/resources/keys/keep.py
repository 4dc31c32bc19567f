"""Keys made and revoked, for the API and for the operator's page alike."""

from http import HTTPStatus
from uuid import UUID

from fastapi import HTTPException
from sqlalchemy.orm import Session

from api.deps import Caller
from api.errors import Invalid, not_found
from api.resources.keys import store
from api.resources.keys.schemas import KeyIn
from core import subscribers
from core.clock import now
from core.keys import in_force
from core.models import ApiKey

MOST = 100  # good keys of one subscriber


def made(session: Session, asking: Caller, owner: UUID, body: KeyIn) -> tuple[ApiKey, str]:
    """A new key of the owner's and its plain form, which is kept nowhere. It may do no more than the key that asks, and
    is good no longer; Invalid where it is to, and where the owner has too many."""
    _refuse_more(asking, body)
    if store.good(session, owner) >= MOST:
        raise Invalid.at("body", f"you have {MOST} keys that are good: revoke one first")
    until = body.expires_at or asking.expires_at
    return subscribers.add_key(session, owner, in_force(body.scopes), name=body.name, expires_at=until)


def found(session: Session, owner: UUID, key_id: UUID) -> ApiKey:
    """The owner's key of that id; 404 where there is none."""
    key = store.find(session, owner, key_id)
    if key is None:
        raise not_found("key")
    return key


def revoke(asking: Caller, key: ApiKey) -> None:
    """It is good no longer. 403: it may do more than the key that asks."""
    if more := set(in_force(key.scopes)) - asking.scopes:
        raise HTTPException(HTTPStatus.FORBIDDEN, f"this key lacks the scope {min(more)!r} that the other has")
    key.revoked_at = key.revoked_at or now()


def _refuse_more(asking: Caller, body: KeyIn) -> None:
    """What nobody gave the key that asks it cannot give."""
    for number, scope in enumerate(body.scopes):
        if scope not in asking.scopes:
            raise Invalid.at(f"body.scopes.{number}", f"the key that asks has not the scope {scope!r} itself")
    if body.expires_at and asking.expires_at and body.expires_at > asking.expires_at:
        raise Invalid.at("body.expires_at", f"the key that asks ends before, at {asking.expires_at.isoformat()}")

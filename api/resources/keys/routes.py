"""`/v1/keys`: private to their subscriber."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query
from sqlalchemy.orm import Session

from api.body import JsonRoute
from api.deps import Caller, Db, Reader, Writer
from api.errors import Invalid, not_found
from api.pagination import Page, PageQuery
from api.resources.keys import store
from api.resources.keys.schemas import KeyCreated, KeyIn, KeyOut
from core.clock import now
from core.keys import in_force, new_key
from core.models import ApiKey

MOST = 100  # good keys of one subscriber
router = APIRouter(prefix="/v1/keys", tags=["keys"], route_class=JsonRoute)


@router.get("", operation_id="list_keys", response_model=Page[KeyOut])
def list_keys(asking: Reader, db: Db, query: Annotated[PageQuery, Query()]) -> Any:
    """Your keys, newest first; those that were revoked or expired too."""
    rows, following = store.page(db, asking.subscriber_id, query)
    return {"items": [_shown(row, asking) for row in rows], "next": following}


@router.post("", operation_id="create_key", response_model=KeyCreated, status_code=HTTPStatus.CREATED)
def create_key(asking: Writer, db: Db, body: KeyIn) -> Any:
    """A new key, shown this once. It may do no more than the key that asks, and is good no longer."""
    _refuse_more(asking, body)
    if store.good(db, asking.subscriber_id) >= MOST:
        raise Invalid.at("body", f"you have {MOST} keys that are good: revoke one first")
    made = new_key()
    key = ApiKey(
        subscriber_id=asking.subscriber_id,
        name=body.name,
        prefix=made.prefix,
        hash=made.hash,
        scopes=list(in_force(body.scopes)),
        expires_at=body.expires_at or asking.expires_at,
    )
    return {**_shown(store.save(db, key), asking), "key": made.plain}


@router.get("/{key_id}", operation_id="get_key", response_model=KeyOut)
def get_key(asking: Reader, db: Db, key_id: UUID) -> Any:
    """One of your keys."""
    return _shown(_found(db, asking, key_id), asking)


@router.delete("/{key_id}", operation_id="revoke_key", status_code=HTTPStatus.NO_CONTENT)
def revoke_key(asking: Writer, db: Db, key_id: UUID) -> None:
    """It is good no longer, at once and for ever; it stays in the list. 403: it may do more than the key that asks."""
    key = _found(db, asking, key_id)
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


def _found(db: Session, asking: Caller, key_id: UUID) -> ApiKey:
    key = store.find(db, asking.subscriber_id, key_id)
    if key is None:
        raise not_found("key")
    return key


def _shown(row: ApiKey, asking: Caller) -> dict[str, Any]:
    """A key without what it could be used by."""
    same = ("id", "name", "prefix", "created_at", "expires_at", "revoked_at", "last_used_at")
    told = {field: getattr(row, field) for field in same}
    return {**told, "scopes": in_force(row.scopes), "asking": row.id == asking.key_id}

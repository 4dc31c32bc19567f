"""`/v1/keys`: private to their subscriber."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from api.body import JsonRoute
from api.deps import Caller, Db, Reader, Writer
from api.pagination import Page, PageQuery
from api.query import QueryOf
from api.resources.keys import keep, store
from api.resources.keys.schemas import KeyCreated, KeyIn, KeyOut
from core.keys import in_force
from core.models import ApiKey

router = APIRouter(prefix="/v1/keys", tags=["keys"], route_class=JsonRoute)


@router.get("", operation_id="list_keys", response_model=Page[KeyOut])
def list_keys(asking: Reader, db: Db, query: QueryOf[PageQuery]) -> Any:
    """Your keys, newest first; those that were revoked or expired too."""
    rows, following = store.page(db, asking.subscriber_id, query)
    return {"items": [_shown(row, asking) for row in rows], "next": following}


@router.post("", operation_id="create_key", response_model=KeyCreated, status_code=HTTPStatus.CREATED)
def create_key(asking: Writer, db: Db, body: KeyIn) -> Any:
    """A new key, shown this once. It may do no more than the key that asks, and is good no longer."""
    key, plain = keep.made(db, asking, asking.subscriber_id, body)
    return {**_shown(key, asking), "key": plain}


@router.get("/{key_id}", operation_id="get_key", response_model=KeyOut)
def get_key(asking: Reader, db: Db, key_id: UUID) -> Any:
    """One of your keys."""
    return _shown(keep.found(db, asking.subscriber_id, key_id), asking)


@router.delete("/{key_id}", operation_id="revoke_key", status_code=HTTPStatus.NO_CONTENT)
def revoke_key(asking: Writer, db: Db, key_id: UUID) -> None:
    """It is good no longer, at once and for ever; it stays in the list. 403: it may do more than the key that asks."""
    keep.revoke(asking, keep.found(db, asking.subscriber_id, key_id))


def _shown(row: ApiKey, asking: Caller) -> dict[str, Any]:
    """A key without what it could be used by."""
    same = ("id", "name", "prefix", "created_at", "expires_at", "revoked_at", "last_used_at")
    told = {field: getattr(row, field) for field in same}
    return {**told, "scopes": in_force(row.scopes), "asking": row.id == asking.key_id}

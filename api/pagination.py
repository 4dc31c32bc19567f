"""Pages by cursor: the place after which the next page starts, signed, so that only cursors of ours are taken.

A page costs the same at any depth, and rows that are added meanwhile neither shift nor repeat it.
"""

import base64
import hashlib
import hmac
import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.errors import Invalid
from core import secrets
from core.settings import settings

T = TypeVar("T")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORM = struct.Struct(">q16s")  # microseconds since 1970, and the row's id
_MAC = 16  # bytes of HMAC-SHA-256 after it


class Position(NamedTuple):
    """The last row of a page."""

    moment: datetime
    id: UUID


class PageQuery(BaseModel):
    """Query of every list: up to `limit` rows, from `cursor` (the `next` of the page before) on."""

    model_config = ConfigDict(extra="forbid")
    shown: ClassVar[frozenset[str]] = frozenset()  # fields that tell how rows are shown and not which

    limit: int = Field(50, ge=1, le=200, description="Most items on the page")
    cursor: str | None = Field(None, max_length=200, description="`next` of the page before")

    def bound(self, what: str) -> str:
        """The name of the list called `what` with these filters, in this order: its cursors are no other list's."""
        asked = self.model_dump_json(exclude={"limit", "cursor", *self.shown}, exclude_defaults=True)
        return f"{what} {asked}"


class Page(BaseModel, Generic[T]):
    """One page, newest first. `next` is the cursor of the page after it, null on the last."""

    items: list[T]
    next: str | None


def encode(what: str, position: Position) -> str:
    """The cursor of `position` in the list called `what`."""
    return seal(what, _FORM.pack((position.moment - _EPOCH) // timedelta(microseconds=1), position.id.bytes))


def decode(what: str, cursor: str) -> Position:
    """The position of a cursor that `encode` made for the same list; Invalid for any other text."""
    try:
        micros, row = _FORM.unpack(unseal(what, cursor))
    except struct.error:
        raise Invalid.at("query.cursor", "is none of ours") from None
    return Position(_EPOCH + timedelta(microseconds=micros), UUID(bytes=row))


def seal(what: str, payload: bytes) -> str:
    """A cursor that holds `payload`, signed for the list called `what`."""
    signed = payload + _sign(secrets.keys(settings())[0], what, payload)
    return base64.urlsafe_b64encode(signed).rstrip(b"=").decode()


def unseal(what: str, cursor: str) -> bytes:
    """What a cursor holds that `seal` made for the same list; Invalid for any other text."""
    try:
        signed = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
    except ValueError:
        raise Invalid.at("query.cursor", "is none of ours") from None
    payload, mac = signed[:-_MAC], signed[-_MAC:]
    if not any(hmac.compare_digest(mac, _sign(key, what, payload)) for key in secrets.keys(settings())):
        raise Invalid.at("query.cursor", "is none of ours, or belongs to another list or to other filters")
    return payload


def fetch(
    session: Session,
    statement: Select[Any],
    query: PageQuery,
    *,
    what: str,
    moment: InstrumentedAttribute[datetime],
    row_id: InstrumentedAttribute[UUID],
) -> tuple[Sequence[Any], str | None]:
    """One page of `statement`'s rows by (moment, id), newest first, and the cursor of the next page."""
    if query.cursor is not None:
        after = decode(query.bound(what), query.cursor)
        statement = statement.where(tuple_(moment, row_id) < tuple_(after.moment, after.id))
    ordered = statement.order_by(moment.desc(), row_id.desc()).limit(query.limit + 1)
    rows = session.scalars(ordered).unique().all()
    if len(rows) <= query.limit:
        return rows, None
    last = rows[query.limit - 1]
    return rows[: query.limit], encode(
        query.bound(what), Position(getattr(last, moment.key), getattr(last, row_id.key))
    )


def _sign(key: bytes, what: str, payload: bytes) -> bytes:
    return hmac.digest(_own(key), what.encode() + b"\0" + payload, hashlib.sha256)[:_MAC]


@lru_cache(maxsize=8)
def _own(key: bytes) -> bytes:
    """A key of cursors alone, so that no other use shares it."""
    return hmac.digest(key, b"yinqi cursor", hashlib.sha256)

"""`/v1/sources`: read by all, edited with the operator scope."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.orm import Session

from api.body import JsonRoute
from api.deps import Db, Operator, Reader
from api.errors import Invalid, not_found
from api.pagination import Page, PageQuery
from api.query import QueryOf
from api.resources.sources import store
from api.resources.sources.schemas import SourceErrorOut, SourceIn, SourceOut, SourcePatch, SourceQuery
from core.models import Source
from ingest.files import folder

router = APIRouter(prefix="/v1/sources", tags=["sources"], route_class=JsonRoute)

_READ_BY = ("url", "kind", "selector")  # another of these makes it another source, as far as polls go


@router.get("", operation_id="list_sources", response_model=Page[SourceOut])
def list_sources(_: Reader, db: Db, query: QueryOf[SourceQuery]) -> Any:
    """Where articles come from, and how each is."""
    rows, following = store.page(db, query)
    return {"items": rows, "next": following}


@router.post("", operation_id="create_source", response_model=SourceOut, status_code=HTTPStatus.CREATED)
def create_source(_: Operator, db: Db, body: SourceIn) -> Any:
    """A new source; it is polled at once."""
    return store.save(db, _possible(Source(**body.model_dump())))


@router.get("/errors", operation_id="list_push_errors", response_model=Page[SourceErrorOut])
def list_push_errors(_: Reader, db: Db, query: QueryOf[PageQuery]) -> Any:
    """What could not be kept of pushed text, newest first."""
    rows, following = store.errors(db, None, query)
    return {"items": rows, "next": following}


@router.get("/{source_id}", operation_id="get_source", response_model=SourceOut)
def get_source(_: Reader, db: Db, source_id: UUID) -> Any:
    """One source and how its polls went."""
    return _found(db, source_id)


@router.patch("/{source_id}", operation_id="update_source", response_model=SourceOut)
def update_source(_: Operator, db: Db, source_id: UUID, body: SourcePatch) -> Any:
    """Change what is named in the body."""
    source = _found(db, source_id)
    changes = body.model_dump(exclude_unset=True)
    if any(changes.get(field, getattr(source, field)) != getattr(source, field) for field in _READ_BY):
        store.start_anew(source)
    for field, value in changes.items():
        setattr(source, field, value)
    return store.save(db, _possible(source))


@router.delete("/{source_id}", operation_id="delete_source", status_code=HTTPStatus.NO_CONTENT)
def delete_source(_: Operator, db: Db, source_id: UUID) -> None:
    """Poll it no more; its articles stay."""
    store.remove(db, _found(db, source_id))


@router.get("/{source_id}/errors", operation_id="list_source_errors", response_model=Page[SourceErrorOut])
def list_source_errors(_: Reader, db: Db, source_id: UUID, query: QueryOf[PageQuery]) -> Any:
    """What could not be fetched, read or kept of this source, newest first."""
    rows, following = store.errors(db, _found(db, source_id).id, query)
    return {"items": rows, "next": following}


def _found(db: Session, source_id: UUID) -> Source:
    source = store.find(db, source_id)
    if source is None:
        raise not_found("source")
    return source


def _possible(source: Source) -> Source:
    """The source, if what it would be fits together."""
    if (source.kind == folder.KIND) != source.url.lower().startswith("file:"):
        raise Invalid.at("body", f"a source of the kind {folder.KIND!r}, and no other, has an address file:///…")
    if source.shortest_interval and source.longest_interval and source.shortest_interval > source.longest_interval:
        raise Invalid.at("body.shortest_interval", "is longer than longest_interval")
    return source

"""`/v1/sources`: read by all, edited with the operator scope."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from api.body import JsonRoute
from api.deps import Db, Operator, Reader
from api.errors import not_found
from api.pagination import Page, PageQuery
from api.resources.sources import store
from api.resources.sources.schemas import SourceErrorOut, SourceIn, SourceOut, SourcePatch
from core.models import Source

router = APIRouter(prefix="/v1/sources", tags=["sources"], route_class=JsonRoute)


@router.get("", operation_id="list_sources", response_model=Page[SourceOut])
def list_sources(_: Reader, db: Db, query: Annotated[PageQuery, Query()]) -> Any:
    """Where articles come from."""
    rows, following = store.page(db, query)
    return {"items": rows, "next": following}


@router.post("", operation_id="create_source", response_model=SourceOut, status_code=HTTPStatus.CREATED)
def create_source(_: Operator, db: Db, body: SourceIn) -> Any:
    """A new source; it is polled at once."""
    return store.save(db, Source(**body.model_dump()))


@router.get("/errors", operation_id="list_push_errors", response_model=Page[SourceErrorOut])
def list_push_errors(_: Reader, db: Db, query: Annotated[PageQuery, Query()]) -> Any:
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
    for field, value in body.model_dump(exclude_unset=True).items():
        setattr(source, field, value)
    return store.save(db, source)


@router.delete("/{source_id}", operation_id="delete_source", status_code=HTTPStatus.NO_CONTENT)
def delete_source(_: Operator, db: Db, source_id: UUID) -> None:
    """Poll it no more; its articles stay."""
    store.remove(db, _found(db, source_id))


@router.get("/{source_id}/errors", operation_id="list_source_errors", response_model=Page[SourceErrorOut])
def list_source_errors(_: Reader, db: Db, source_id: UUID, query: Annotated[PageQuery, Query()]) -> Any:
    """What could not be fetched, read or kept of this source, newest first."""
    rows, following = store.errors(db, _found(db, source_id).id, query)
    return {"items": rows, "next": following}


def _found(db: Session, source_id: UUID) -> Source:
    source = store.find(db, source_id)
    if source is None:
        raise not_found("source")
    return source

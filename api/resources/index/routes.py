"""`/v1/index`."""

from typing import Any

from fastapi import APIRouter

from api.deps import Db, Reader
from api.etag import TaggedRoute
from api.query import QueryOf
from api.resources.index import answer
from api.resources.index.schemas import IndexOut, IndexQuery

router = APIRouter(prefix="/v1/index", tags=["statistics"], route_class=TaggedRoute)


@router.get("", operation_id="get_index", response_model=IndexOut)
def get_index(_: Reader, db: Db, query: QueryOf[IndexQuery]) -> Any:
    """How lively the financing of each strategic emerging industry is, quarter by quarter, beside a base of 100."""
    return answer.index(db, query)

"""`/v1/names`."""

from typing import Any

from fastapi import APIRouter

from api.deps import Db, Reader
from api.etag import TaggedRoute
from api.naming import search
from api.naming.ranking import Fit
from api.query import QueryOf
from api.resources.names.schemas import NameList, NameQuery

router = APIRouter(prefix="/v1/names", tags=["names"], route_class=TaggedRoute)


@router.get("", operation_id="find_names", response_model=NameList)
def find_names(_: Reader, db: Db, query: QueryOf[NameQuery]) -> Any:
    """Banks and firms that what was typed may mean: by name, stock code, pinyin, initials, or almost."""
    kinds = search.KINDS if query.kind is None else (query.kind,)
    return {"items": [_shown(found) for found in search.find(db, kinds, query.q, query.limit)]}


def _shown(found: Fit) -> dict[str, Any]:
    fields = ("kind", "id", "name", "alias", "stock_code")
    return {**{field: getattr(found.row, field) for field in fields}, "match": found.match}

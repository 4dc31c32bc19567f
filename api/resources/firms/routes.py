"""`/v1/firms`."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from api.body import JsonRoute
from api.deps import Db, Reader
from api.errors import not_found
from api.pagination import Page
from api.resources.firms import store
from api.resources.firms.schemas import FirmOut, FirmQuery
from core.models import Firm

router = APIRouter(prefix="/v1/firms", tags=["firms"], route_class=JsonRoute)


@router.get("", operation_id="list_firms", response_model=Page[FirmOut])
def list_firms(_: Reader, db: Db, query: Annotated[FirmQuery, Query()]) -> Any:
    """Firms of the register and those that an article proved."""
    rows, following = store.page(db, query)
    return {"items": [shown(row) for row in rows], "next": following}


@router.get("/{firm_id}", operation_id="get_firm", response_model=FirmOut)
def get_firm(_: Reader, db: Db, firm_id: UUID) -> Any:
    """One firm with all of its names."""
    firm = store.find(db, firm_id)
    if firm is None:
        raise not_found("firm")
    return shown(firm)


def shown(row: Firm) -> dict[str, Any]:
    """A firm as the API answers it."""
    fields = ("id", "name", "stock_code", "sector", "tech", "region", "merged_into")
    aliases = sorted({alias.alias for alias in row.aliases} - {row.name})
    return {**{field: getattr(row, field) for field in fields}, "aliases": aliases}

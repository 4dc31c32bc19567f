"""`/v1/banks`."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from api.body import JsonRoute
from api.deps import Db, Reader
from api.errors import not_found
from api.pagination import Page
from api.resources.banks import store
from api.resources.banks.schemas import BankOut, BankQuery
from core.models import Bank

router = APIRouter(prefix="/v1/banks", tags=["banks"], route_class=JsonRoute)


@router.get("", operation_id="list_banks", response_model=Page[BankOut])
def list_banks(_: Reader, db: Db, query: Annotated[BankQuery, Query()]) -> Any:
    """Banks and their financing subsidiaries."""
    rows, following = store.page(db, query)
    return {"items": [shown(row) for row in rows], "next": following}


@router.get("/{bank_id}", operation_id="get_bank", response_model=BankOut)
def get_bank(_: Reader, db: Db, bank_id: UUID) -> Any:
    """One bank with all of its names."""
    bank = store.find(db, bank_id)
    if bank is None:
        raise not_found("bank")
    return shown(bank)


def shown(row: Bank) -> dict[str, Any]:
    """A bank as the API answers it."""
    fields = ("id", "name", "kind", "parent", "stock_code", "region")
    aliases = sorted({alias.alias for alias in row.aliases} - {row.name})
    return {**{field: getattr(row, field) for field in fields}, "aliases": aliases}

"""`/v1/banks`."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from api.deps import Db, Operator, Reader
from api.etag import TaggedRoute
from api.pagination import Page, PageQuery
from api.query import QueryOf
from api.registers import edit, edits, routing
from api.registers.kinds import BANKS
from api.registers.routing import OperatorHand
from api.registers.schemas import AliasIn, AliasQuery, EditOut, MergeIn
from api.resources.banks import store
from api.resources.banks.schemas import BankMerged, BankOut, BankPatch, BankQuery
from core.models import Bank

router = APIRouter(prefix="/v1/banks", tags=["banks"], route_class=TaggedRoute)


@router.get("", operation_id="list_banks", response_model=Page[BankOut])
def list_banks(_: Reader, db: Db, query: QueryOf[BankQuery]) -> Any:
    """Banks and their financing subsidiaries."""
    rows, following = store.page(db, query)
    return {"items": [shown(row) for row in rows], "next": following}


@router.get("/{bank_id}", operation_id="get_bank", response_model=BankOut)
def get_bank(_: Reader, db: Db, bank_id: UUID) -> Any:
    """One bank with all of its names; one that was merged into another says into which."""
    return shown(edit.found(db, BANKS, bank_id))


@router.patch("/{bank_id}", operation_id="update_bank", response_model=BankOut)
def update_bank(hand: OperatorHand, db: Db, bank_id: UUID, body: BankPatch) -> Any:
    """Change what is named in the body. It is the operator's then: neither seeds nor articles change it back."""
    return shown(edit.change(db, hand, BANKS, bank_id, store.given(db, body)))


@router.post("/{bank_id}/aliases", operation_id="add_bank_alias", response_model=BankOut)
def add_alias(hand: OperatorHand, db: Db, bank_id: UUID, body: AliasIn) -> Any:
    """Call it by one more name, which is recognised in articles within seconds."""
    return shown(edit.add_alias(db, hand, BANKS, bank_id, body.alias))


@router.delete("/{bank_id}/aliases", operation_id="remove_bank_alias", response_model=BankOut)
def remove_alias(hand: OperatorHand, db: Db, bank_id: UUID, query: QueryOf[AliasQuery]) -> Any:
    """Take a name from it, for good."""
    return shown(edit.remove_alias(db, hand, BANKS, bank_id, query.alias))


@router.post("/{bank_id}/merge", operation_id="merge_bank", response_model=BankMerged)
def merge_bank(hand: OperatorHand, db: Db, bank_id: UUID, body: MergeIn) -> Any:
    """Let another stand for it: names, events, mentions and watchlists follow, and nobody is told anew."""
    row, merged = edit.merge(db, hand, BANKS, bank_id, body.into)
    return {"bank": shown(row), "events_merged": merged}


@router.get("/{bank_id}/edits", operation_id="list_bank_edits", response_model=Page[EditOut])
def list_edits(_: Operator, db: Db, bank_id: UUID, query: QueryOf[PageQuery]) -> Any:
    """What was done to it by hand, the last first."""
    return edits.page(db, edit.found(db, BANKS, bank_id).id, query)


def shown(row: Bank) -> dict[str, Any]:
    """What the API answers of a row."""
    return routing.shown(BANKS, row)

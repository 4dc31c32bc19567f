"""`/v1/firms`."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from api.deps import Db, Operator, Reader
from api.etag import TaggedRoute
from api.pagination import Page, PageQuery
from api.query import QueryOf
from api.registers import edit, edits, routing
from api.registers.kinds import FIRMS
from api.registers.routing import OperatorHand
from api.registers.schemas import AliasIn, AliasQuery, EditOut, MergeIn
from api.resources.firms import store
from api.resources.firms.schemas import FirmMerged, FirmOut, FirmPatch, FirmQuery
from core.models import Firm

router = APIRouter(prefix="/v1/firms", tags=["firms"], route_class=TaggedRoute)


@router.get("", operation_id="list_firms", response_model=Page[FirmOut])
def list_firms(_: Reader, db: Db, query: QueryOf[FirmQuery]) -> Any:
    """Firms of the register and those that an article proved."""
    rows, following = store.page(db, query)
    return {"items": [shown(row) for row in rows], "next": following}


@router.get("/{firm_id}", operation_id="get_firm", response_model=FirmOut)
def get_firm(_: Reader, db: Db, firm_id: UUID) -> Any:
    """One firm with all of its names; one that was merged into another says into which."""
    return shown(edit.found(db, FIRMS, firm_id))


@router.patch("/{firm_id}", operation_id="update_firm", response_model=FirmOut)
def update_firm(hand: OperatorHand, db: Db, firm_id: UUID, body: FirmPatch) -> Any:
    """Change what is named in the body. It is the operator's then: neither seeds nor articles change it back."""
    return shown(edit.change(db, hand, FIRMS, firm_id, store.given(db, body)))


@router.post("/{firm_id}/aliases", operation_id="add_firm_alias", response_model=FirmOut)
def add_alias(hand: OperatorHand, db: Db, firm_id: UUID, body: AliasIn) -> Any:
    """Call it by one more name, which is recognised in articles within seconds."""
    return shown(edit.add_alias(db, hand, FIRMS, firm_id, body.alias))


@router.delete("/{firm_id}/aliases", operation_id="remove_firm_alias", response_model=FirmOut)
def remove_alias(hand: OperatorHand, db: Db, firm_id: UUID, query: QueryOf[AliasQuery]) -> Any:
    """Take a name from it, for good."""
    return shown(edit.remove_alias(db, hand, FIRMS, firm_id, query.alias))


@router.post("/{firm_id}/merge", operation_id="merge_firm", response_model=FirmMerged)
def merge_firm(hand: OperatorHand, db: Db, firm_id: UUID, body: MergeIn) -> Any:
    """Let another stand for it: names, events, mentions and watchlists follow, and nobody is told anew."""
    row, merged = edit.merge(db, hand, FIRMS, firm_id, body.into)
    return {"firm": shown(row), "events_merged": merged}


@router.get("/{firm_id}/edits", operation_id="list_firm_edits", response_model=Page[EditOut])
def list_edits(_: Operator, db: Db, firm_id: UUID, query: QueryOf[PageQuery]) -> Any:
    """What was done to it by hand, the last first."""
    return edits.page(db, edit.found(db, FIRMS, firm_id).id, query)


def shown(row: Firm) -> dict[str, Any]:
    """What the API answers of a row."""
    return routing.shown(FIRMS, row)

"""`/v1/mail`: what the operator's mail system reports back, and which addresses are written to no more.

Addresses stand in bodies, never in paths, which logs of proxies keep.
"""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from sqlalchemy import select

from alerts import suppression
from api import pagination
from api.body import JsonRoute
from api.deps import Db, Operator
from api.errors import not_found
from api.pagination import Page, PageQuery
from api.query import QueryOf
from api.resources.mail.schemas import AddressIn, BouncesIn, BouncesOut, SuppressionOut
from core.models import Mailbox

router = APIRouter(prefix="/v1/mail", tags=["mail"], route_class=JsonRoute)


@router.post("/bounces", operation_id="report_bounces", response_model=BouncesOut)
def report_bounces(_: Operator, db: Db, body: BouncesIn) -> Any:
    """Report mail that came back, and complaints. Told twice, it changes nothing."""
    ordered = sorted(enumerate(body.bounces), key=lambda one: one[1].address.lower())  # locks in one order
    results = {place: suppression.take(db, one.read(), proof=False) for place, one in ordered}
    return {"results": [results[place] for place in sorted(results)]}


@router.get("/suppressions", operation_id="list_suppressions", response_model=Page[SuppressionOut])
def list_suppressions(_: Operator, db: Db, query: QueryOf[PageQuery]) -> Any:
    """The addresses that are written to no more, newest first."""
    statement = select(Mailbox).where(Mailbox.suppressed_at.is_not(None))
    moment: Any = Mailbox.suppressed_at
    rows, following = pagination.fetch(db, statement, query, what="suppressions", moment=moment, row_id=Mailbox.id)
    return {"items": rows, "next": following}


@router.post("/suppressions/lift", operation_id="lift_suppression", status_code=HTTPStatus.NO_CONTENT)
def lift_suppression(_: Operator, db: Db, body: AddressIn) -> None:
    """Write to an address again. Channels that were disabled stay so, for their owners to switch on."""
    if not suppression.lift(db, body.address):
        raise not_found("suppressed address")

"""All SQL of `/v1/firms`; a name that is only watched is no firm."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from api import pagination
from api.naming import store as naming
from api.registers.schemas import places
from api.resources.firms.schemas import FirmPatch, FirmQuery
from api.schemas import PROVEN
from core.models import Event, Firm


def page(session: Session, query: FirmQuery) -> tuple[Sequence[Firm], str | None]:
    """The firms that pass every filter, last known first; merged ones are shown as the row that stands for them."""
    found = select(Firm).where(Firm.origin.in_(PROVEN), Firm.merged_into.is_(None))
    if query.q is not None:
        found = found.where(Firm.id.in_(naming.begins("firm", query.q)))
    if query.sector is not None:
        found = found.where(Firm.sector == query.sector)
    if query.tech is not None:
        found = found.where(Firm.tech == query.tech)
    if query.region is not None:
        found = found.where(Firm.region.in_(places(query.region)))
    if query.has_events is not None:
        told = select(Event.id).where(Event.firm_id == Firm.id, Event.state == "live").exists()
        found = found.where(told if query.has_events else ~told)
    return pagination.fetch(session, found, query, what="firms", moment=Firm.created_at, row_id=Firm.id)


def find(session: Session, firm_id: UUID) -> Firm | None:
    """The firm of that id."""
    return session.scalar(select(Firm).where(Firm.id == firm_id, Firm.origin.in_(PROVEN)))


def given(_: Session, body: FirmPatch) -> dict[str, Any]:
    """What is to change of a firm."""
    return body.model_dump(exclude_unset=True)

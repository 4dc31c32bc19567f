"""All SQL of `/v1/firms`; a name that is only watched is no firm."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from api import pagination
from api.resources.firms.schemas import FirmQuery
from api.schemas import PROVEN
from core.models import Firm, FirmAlias
from core.names import fold


def page(session: Session, query: FirmQuery) -> tuple[Sequence[Firm], str | None]:
    """The firms that pass every filter, last known first; merged ones are shown as the row that stands for them."""
    found = select(Firm).where(Firm.origin.in_(PROVEN), Firm.merged_into.is_(None))
    if query.q is not None:
        begins = FirmAlias.key.startswith(fold(query.q), autoescape=True)
        found = found.where(Firm.id.in_(select(FirmAlias.firm_id).where(begins)))
    if query.sector is not None:
        found = found.where(Firm.sector == query.sector)
    if query.tech is not None:
        found = found.where(Firm.tech == query.tech)
    return pagination.fetch(session, found, query, what="firms", moment=Firm.created_at, row_id=Firm.id)


def find(session: Session, firm_id: UUID) -> Firm | None:
    """The firm of that id."""
    return session.scalar(select(Firm).where(Firm.id == firm_id, Firm.origin.in_(PROVEN)))

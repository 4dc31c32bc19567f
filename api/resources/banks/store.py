"""All SQL of `/v1/banks`."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from api import pagination
from api.resources.banks.schemas import BankQuery
from core.models import Bank, BankAlias
from core.names import fold


def page(session: Session, query: BankQuery) -> tuple[Sequence[Bank], str | None]:
    """The banks that pass every filter, last registered first."""
    found = select(Bank)
    if query.q is not None:
        begins = BankAlias.key.startswith(fold(query.q), autoescape=True)
        found = found.where(Bank.id.in_(select(BankAlias.bank_id).where(begins)))
    if query.kind is not None:
        found = found.where(Bank.kind == query.kind)
    return pagination.fetch(session, found, query, what="banks", moment=Bank.created_at, row_id=Bank.id)


def find(session: Session, bank_id: UUID) -> Bank | None:
    """The bank of that id."""
    return session.get(Bank, bank_id)

"""All SQL of `/v1/banks`."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from api import pagination
from api.errors import Invalid
from api.naming import store as naming
from api.registers import store as registers
from api.registers.schemas import places
from api.resources.banks.schemas import BankPatch, BankQuery
from core.models import Bank, Event


def page(session: Session, query: BankQuery) -> tuple[Sequence[Bank], str | None]:
    """The banks that pass every filter, last registered first; merged ones as the row that stands for them."""
    found = select(Bank).where(Bank.merged_into.is_(None))
    if query.q is not None:
        found = found.where(Bank.id.in_(naming.begins("bank", query.q)))
    if query.kind is not None:
        found = found.where(Bank.kind == query.kind)
    if query.region is not None:
        found = found.where(Bank.region.in_(places(query.region)))
    told = select(Event.id).where(Event.bank_id == Bank.id, Event.state == "live")
    if query.sector is not None:
        found = found.where(told.where(Event.sector == query.sector).exists())
    if query.tech is not None:
        found = found.where(told.where(Event.tech == query.tech).exists())
    if query.has_events is not None:
        found = found.where(told.exists() if query.has_events else ~told.exists())
    return pagination.fetch(session, found, query, what="banks", moment=Bank.created_at, row_id=Bank.id)


def find(session: Session, bank_id: UUID) -> Bank | None:
    """The bank of that id."""
    return session.get(Bank, bank_id)


def given(session: Session, body: BankPatch) -> dict[str, Any]:
    """What is to change of a bank, its owner by its short name."""
    told = body.model_dump(exclude_unset=True)
    if told.get("parent") is not None:
        parent = registers.bank_called(session, told["parent"])
        if parent is None:
            raise Invalid.at("body.parent", f"no bank is called {told['parent']!r}")
        told["parent"] = parent
    return told

"""What is to change of a bank or firm, checked as the API checks it, for other hands: the dashboard, the terminal."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from api.errors import Invalid, checked
from api.registers import store
from api.registers.kinds import BANKS, Register
from api.resources.banks import store as banks
from api.resources.banks.schemas import BankPatch
from api.resources.firms.schemas import FirmPatch
from core.names import fold


def given(session: Session, register: Register, told: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that `told` sets, for `edit.change`. Invalid, at body.FIELD, for what makes no sense."""
    if register is BANKS:
        return banks.given(session, checked(BankPatch, told))
    return checked(FirmPatch, told).model_dump(exclude_unset=True)


def called(session: Session, register: Register, which: str, field: str) -> UUID:
    """The bank or firm of any of its names, or of an id. Invalid, at `field`, where there is none."""
    try:
        row = store.find(session, register, UUID(which))
    except ValueError:
        row = None
    owners = [row.id] if row else [one for kind, one, _ in store.owners(session, fold(which)) if kind == register.kind]
    if not owners or store.find(session, register, owners[0]) is None:
        raise Invalid.at(field, f"no {register.kind} is called {which!r}")
    return owners[0]

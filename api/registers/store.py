"""All SQL of the operator's edits."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from api import pagination
from api.pagination import PageQuery
from api.registers.kinds import FIRMS, Register
from api.schemas import PROVEN
from core.models import Bank, BankAlias, Event, Firm, FirmAlias, LexiconChange, RegisterEdit, Subscriber
from core.names import fold
from extractor.kinship import stem


def find(session: Session, register: Register, row_id: UUID) -> Any:
    """The row as it is now; None where there is none, or a firm that is only watched."""
    found = select(register.rows).where(register.rows.id == row_id)
    if register is FIRMS:
        found = found.where(Firm.origin.in_(PROVEN))
    return session.scalar(found.execution_options(populate_existing=True))


def owners(session: Session, key: str) -> list[tuple[str, UUID, str]]:
    """(kind, id, name) of the bank and the firm that a folded name belongs to."""
    of_bank = select(literal("bank"), Bank.id, Bank.name).join(BankAlias, BankAlias.bank_id == Bank.id)
    of_firm = select(literal("firm"), Firm.id, Firm.name).join(FirmAlias, FirmAlias.firm_id == Firm.id)
    found = union_all(of_bank.where(BankAlias.key == key), of_firm.where(FirmAlias.key == key))
    return [(kind, row_id, name) for kind, row_id, name in session.execute(found)]


def named_like(session: Session, firm_id: UUID, name: str) -> list[tuple[UUID, str, list[str]]]:
    """(id, name, all names) of other firms one of whose names has the same stem (extractor/kinship.py)."""
    near = select(FirmAlias.firm_id).where(FirmAlias.stem == stem(name))
    found = select(Firm).where(Firm.id.in_(near), Firm.id != firm_id, Firm.merged_into.is_(None))
    return [(row.id, row.name, [alias.alias for alias in row.aliases]) for row in session.scalars(found)]


def bank_called(session: Session, name: str) -> str | None:
    """The short name of the bank that any of its names was given of."""
    return session.scalar(select(Bank.name).join(BankAlias).where(BankAlias.key == fold(name)))


def add_name(register: Register, row: Any, name: str) -> None:
    """Give a row a name, unless it has it."""
    if fold(name) in {alias.key for alias in row.aliases}:
        return
    columns = {"stem": stem(name)} if register is FIRMS else {}
    row.aliases.append(register.aliases(key=fold(name), alias=name, **columns))
    row.refused = [key for key in row.refused if key != fold(name)]


def take_name(session: Session, register: Register, row: Any, key: str) -> None:
    """Take a name from a row for good."""
    session.execute(delete(register.aliases).where(register.aliases.key == key, register.owned == row.id))
    row.refused = sorted({*row.refused, key})


def log(session: Session, register: Register, row_id: UUID, **columns: Any) -> None:
    """Keep an edit in the log."""
    session.add(RegisterEdit(kind=register.kind, row_id=row_id, **columns))


def tick(session: Session, what: str) -> None:
    """Tell running extractors that names changed: `alias` where all that changed is new, else `register`."""
    session.add(LexiconChange(what=what))


def edits(session: Session, row_id: UUID, query: PageQuery) -> tuple[Sequence[RegisterEdit], str | None]:
    """A row's edits, the last first."""
    found = select(RegisterEdit).where(RegisterEdit.row_id == row_id)
    what = f"edits of {row_id}"
    return pagination.fetch(session, found, query, what=what, moment=RegisterEdit.at, row_id=RegisterEdit.id)


def called(session: Session, subscribers: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of subscribers."""
    wanted = {one for one in subscribers if one}
    found = session.execute(select(Subscriber.id, Subscriber.name).where(Subscriber.id.in_(wanted)))
    return {row.id: row.name for row in found}


def live_events(session: Session, register: Register, row_ids: Iterable[UUID]) -> list[UUID]:
    """The events of banks or firms that stand."""
    owner = getattr(Event, register.owner)
    return list(session.scalars(select(Event.id).where(owner.in_(row_ids), Event.state == "live").order_by(Event.id)))


def merged_events(session: Session, event_ids: Iterable[UUID]) -> list[tuple[Event, Event]]:
    """Those of the events that were merged, each with the one that stands for it."""
    stands = aliased(Event)
    found = select(Event, stands).join(stands, Event.merged_into == stands.id).where(Event.id.in_(event_ids))
    rows = session.execute(found.order_by(Event.id).execution_options(populate_existing=True))
    return [(one, other) for one, other in rows]

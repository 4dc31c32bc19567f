"""The edits: hold what merging holds -> check -> change the row -> let its events follow -> log it -> tell extractors.

Each is one transaction of the caller's. What it changes of events is quiet (extractor/rejoin.py).
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm import Session

from api.errors import Invalid, not_found
from api.registers import checks, store
from api.registers.kinds import BANKS, FIRMS, Register
from core.names import fold
from extractor import rejoin

_FILLED = ("stock_code", "sector", "tech", "region", "parent")  # what a merged row may add to the one that stays


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose edit it is: the subscriber `by` whose key or session it was made, if any, and `via` what."""

    by: UUID | None
    via: str


def found(session: Session, register: Register, row_id: UUID) -> Any:
    """The bank or firm of that id; 404 where there is none."""
    row = store.find(session, register, row_id)
    if row is None:
        raise not_found(register.kind)
    return row


def add_alias(session: Session, hand: Hand, register: Register, row_id: UUID, alias: str) -> Any:
    """Call a bank or firm by one more name, and answer its row. Invalid where it may not be called so."""
    row = _held(session, register, row_id, alias)
    checks.check(session, register, row, alias, "body.alias")
    if fold(alias) not in {one.key for one in row.aliases}:
        store.add_name(register, row, alias)
        _keep(session, hand, register, row, "alias_added", after={"alias": alias}, tick="alias")
    return _after(session, register, row)


def remove_alias(session: Session, hand: Hand, register: Register, row_id: UUID, alias: str) -> Any:
    """Take a name from a bank or firm; the machine never gives it back. 404 where it has no such name."""
    row = _held(session, register, row_id)
    named = next((one for one in row.aliases if one.key == fold(alias)), None)
    if named is None:
        raise not_found(f"name of this {register.kind}")
    if named.key == fold(row.name):
        raise Invalid.at("query.alias", f"{alias!r} is its own name: give it another `name` first")
    before = {"alias": named.alias}
    store.take_name(session, register, row, named.key)
    _keep(session, hand, register, row, "alias_removed", before=before, tick="register")
    return _after(session, register, row)


def change(session: Session, hand: Hand, register: Register, row_id: UUID, given: dict[str, Any]) -> Any:
    """Set columns of a row; what it was called before stays one of its names."""
    row = _held(session, register, row_id, *([given["name"]] if "name" in given else []))
    changed = {name: value for name, value in given.items() if getattr(row, name) != value}
    if not changed:
        return row
    if "name" in changed:
        checks.check(session, register, row, changed["name"], "body.name")
        store.add_name(register, row, changed["name"])
    before = {name: getattr(row, name) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    row.edited = sorted({*row.edited, *changed})
    _keep(session, hand, register, row, "changed", before=before, after=changed, tick="register")
    if register is BANKS and "name" in changed:
        rejoin.rename_bank(session, row.id, before["name"], changed["name"])
    return _after(session, register, row, moved="region" in changed)


def merge(session: Session, hand: Hand, register: Register, row_id: UUID, into: UUID) -> tuple[Any, int]:
    """Let one bank or firm stand for another as well; its row, and how many events were found to be one with others.
    Merging once more what was merged changes nothing."""
    if row_id == into:
        raise Invalid.at("body.into", f"a {register.kind} cannot be merged into itself")
    gone, kept = (found(session, register, one) for one in (row_id, into))
    _hold(session, register, gone, kept)
    gone, kept = (store.find(session, register, one) for one in (row_id, into))
    if gone.merged_into == into:
        return kept, 0
    _stands(gone, register, f"path.{register.owner}")
    _stands(kept, register, "body.into")
    told = _fill(gone, kept)
    session.flush()
    join = rejoin.join_firms if register is FIRMS else rejoin.join_banks
    merged = join(session, into, row_id)
    session.expire_all()
    store.log(session, register, row_id, what="merged", after={"into": str(into), **told}, by=hand.by, via=hand.via)
    after = {"from": str(row_id), **told, "events_merged": merged}
    _keep(session, hand, register, kept, "merged", after=after, tick="register")
    return _after(session, register, kept), merged


def _fill(gone: Any, kept: Any) -> dict[str, Any]:
    """Take over what the row that stays does not know, and what it was refused to be called so far; what there was."""
    for column in _FILLED:
        blank = getattr(kept, column, "") is None and column not in kept.edited
        if blank and getattr(gone, column, None) is not None:
            setattr(kept, column, getattr(gone, column))
    names = {alias.key: alias.alias for alias in gone.aliases}
    kept.refused = [key for key in kept.refused if key not in names]
    gone.edited_at = func.now()
    return {"name": gone.name, "aliases": sorted(names.values())}


def _held(session: Session, register: Register, row_id: UUID, *names: str) -> Any:
    """The row, under the locks of merging; `names` are what it is to be called."""
    _hold(session, register, found(session, register, row_id), names=names)
    row = store.find(session, register, row_id)
    _stands(row, register, f"path.{register.owner}")
    return row


def _hold(session: Session, register: Register, *rows: Any, names: tuple[str, ...] = ()) -> None:
    if register is FIRMS:
        rejoin.hold_firms(session, *(row.id for row in rows))
    else:
        rejoin.hold_banks(session, *(row.name for row in rows), *names)


def _stands(row: Any, register: Register, field: str) -> None:
    """Only what stands for itself is edited."""
    if row.merged_into is not None:
        raise Invalid.at(field, f"this {register.kind} was merged into {row.merged_into}: edit that one")


def _keep(session: Session, hand: Hand, register: Register, row: Any, what: str, *, tick: str, **told: Any) -> None:
    """Mark the row as the operator's, and keep the edit."""
    row.edited_at = func.now()
    store.log(session, register, row.id, what=what, by=hand.by, via=hand.via, **told)
    store.tick(session, tick)
    session.flush()


def _after(session: Session, register: Register, row: Any, *, moved: bool = False) -> Any:
    """The row as it is now that its events have followed; `moved`: it lies elsewhere."""
    if register is FIRMS:
        rejoin.firm_changed(session, row.id)
    elif moved:
        rejoin.bank_changed(session, row.id)
    session.expire_all()
    return store.find(session, register, row.id)

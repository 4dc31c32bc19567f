"""Writes the registers into the database: what is missing is added, what changed in the files is followed.

Rerunnable at every start. A row that the operator edited, or that did not come from here (`origin`), is left as it
is. A bank or firm is known again by its name, else by its stock code, else by a name that became an alias.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from core.models import Bank, BankAlias, Firm, FirmAlias, LexiconChange, Source
from core.names import fold
from core.register import BankEntry, FirmEntry
from seeds.registers import SourceEntry, read_banks, read_firms, read_sources

ORIGIN = "seed"
Entry = BankEntry | FirmEntry


@dataclass(frozen=True, slots=True)
class Change:
    """What loading one register changed, in rows."""

    added: int = 0
    updated: int = 0
    aliases: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What one load changed; all zero when everything was there."""

    banks: Change
    firms: Change
    sources: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """Where a register is kept: its table, the table of its names, and the columns that follow the file."""

    rows: Any
    aliases: Any
    owner: str
    columns: tuple[str, ...]
    marks: tuple[str, ...]

    @property
    def read(self) -> tuple[Any, ...]:
        """The columns that `_is_ours` and `_values` look at."""
        return tuple(getattr(self.rows, column) for column in ("id", *self.marks, *self.columns))


_BANKS = _Table(
    rows=Bank,
    aliases=BankAlias,
    owner="bank_id",
    columns=("name", "kind", "parent", "stock_code", "region"),
    marks=("origin", "edited_at", "merged_into"),
)
_FIRMS = _Table(
    rows=Firm,
    aliases=FirmAlias,
    owner="firm_id",
    columns=("name", "stock_code", "sector", "tech", "region"),
    marks=("origin", "edited_at", "merged_into"),
)


def load(
    session: Session,
    *,
    banks: Sequence[BankEntry] | None = None,
    firms: Sequence[FirmEntry] | None = None,
    sources: Sequence[SourceEntry] | None = None,
) -> Counts:
    """Bring the tables up to the registers (the shipped ones where none are given), in `session`'s transaction."""
    # Two loads at once, or a firm learnt meanwhile, would each take the other's names for missing.
    session.execute(text("LOCK TABLE bank, bank_alias, firm, firm_alias IN SHARE ROW EXCLUSIVE MODE"))
    counts = Counts(
        banks=_load(session, _BANKS, read_banks() if banks is None else banks),
        firms=_load(session, _FIRMS, read_firms() if firms is None else firms),
        sources=_add_sources(session, read_sources() if sources is None else sources),
    )
    if counts.banks != Change() or counts.firms != Change():
        session.add(LexiconChange(what="seeds"))
    return counts


def _load(session: Session, table: _Table, entries: Iterable[Entry]) -> Change:
    wanted = {fold(entry.name): entry for entry in entries}
    known = _known(session, table, wanted.values())
    missing = [key for key in wanted if key not in known]
    ids = {key: row.id for key, row in known.items() if _is_ours(row)} | _add(session, table, wanted, missing)
    stale = [
        {"id": row.id} | _values(table, wanted[key])
        for key, row in known.items()
        if _is_ours(row) and _values(table, row) != _values(table, wanted[key])
    ]
    if stale:
        session.execute(update(table.rows), stale)
    aliases = _add_aliases(session, table, ((ids[key], wanted[key]) for key in ids))
    return Change(added=len(missing), updated=len(stale), aliases=aliases)


def _known(session: Session, table: _Table, entries: Iterable[Entry]) -> dict[str, Any]:
    """The rows that already stand for `entries`, by the folded name of the entry."""
    wanted = {fold(entry.name): entry for entry in entries}
    names = {fold(name) for entry in wanted.values() for name in (entry.name, *entry.aliases)}
    codes = {entry.stock_code for entry in wanted.values() if entry.stock_code}
    rows, alias = table.rows, table.aliases
    named = session.execute(
        select(*table.read, alias.key).join(alias, getattr(alias, table.owner) == rows.id).where(alias.key.in_(names))
    ).all()
    listed = session.execute(select(*table.read).where(rows.stock_code.in_(codes), rows.origin == ORIGIN)).all()
    by_code = {row.stock_code: row for row in listed}
    by_name = {row.key: row for row in named}
    by_former_name = {row.key: row for row in named if row.key == fold(row.name) and row.origin == ORIGIN}
    by_lost_name = {fold(row.name): row for row in _merged(session, table, wanted.values())}
    found: dict[str, Any] = {}
    for key, entry in wanted.items():
        former = (by_former_name.get(fold(alias)) for alias in entry.aliases)
        for row in (by_name.get(key), by_code.get(entry.stock_code), by_lost_name.get(key), *former):
            # a row under the name of another entry stands for that one
            if row is not None and (fold(row.name) == key or fold(row.name) not in wanted):
                found[key] = row
                break
    return _renamed(session, table, set(wanted) - set(found), {row.id for row in found.values()}) | found


def _merged(session: Session, table: _Table, entries: Iterable[Entry]) -> Sequence[Any]:
    """Rows of these names that lead to another, which has their names now."""
    named = table.rows.name.in_([entry.name for entry in entries])
    return session.execute(select(*table.read).where(named, table.rows.merged_into.is_not(None))).all()


def _renamed(session: Session, table: _Table, keys: set[str], taken: set[UUID]) -> dict[str, Any]:
    """Rows that came by these names, which the operator took from them since, by the name; none of those `taken`."""
    refused = table.rows.refused
    rows = session.execute(
        select(*table.read, refused).where(refused.overlap(sorted(keys)), table.rows.origin == ORIGIN)
    ).all()
    return {key: row for row in rows for key in keys & set(row.refused) if row.id not in taken}


def _is_ours(row: Any) -> bool:
    return bool(row.origin == ORIGIN and row.edited_at is None and row.merged_into is None)


def _values(table: _Table, source: Any) -> dict[str, Any]:
    return {column: getattr(source, column) for column in table.columns}


def _add(session: Session, table: _Table, wanted: dict[str, Entry], keys: list[str]) -> dict[str, UUID]:
    if not keys:
        return {}
    rows = [_values(table, wanted[key]) | {"origin": ORIGIN} for key in keys]
    ids = session.scalars(insert(table.rows).returning(table.rows.id, sort_by_parameter_order=True), rows)
    return dict(zip(keys, ids, strict=True))


def _add_aliases(session: Session, table: _Table, owners: Iterable[tuple[UUID, Entry]]) -> int:
    """Adds the names that nobody has, and moves those that the files give to another of our rows; returns how many."""
    names = {
        fold(name): {"key": fold(name), "alias": name, table.owner: owner}
        for owner, entry in owners
        for name in (entry.name, *entry.aliases)
    }
    owner = getattr(table.aliases, table.owner)
    taken = session.execute(
        select(table.aliases.key, owner.label("owner"), *table.read)
        .join(table.rows, table.rows.id == owner)
        .where(table.aliases.key.in_(names))
    ).all()
    moved = [names[row.key] for row in taken if row.owner != names[row.key][table.owner] and _is_ours(row)]
    new = [names[key] for key in names.keys() - {row.key for row in taken}]
    if moved:
        session.execute(update(table.aliases), moved)
    if new:
        session.execute(insert(table.aliases), new)
    return len(moved) + len(new)


def _add_sources(session: Session, sources: Iterable[SourceEntry]) -> int:
    """Adds the feeds that are not there, switched off."""
    rows = [
        {"name": source.name, "url": source.url, "kind": source.kind, "zone": source.zone, "enabled": False}
        for source in sources
    ]
    if not rows:
        return 0
    added = upsert(Source).values(rows).on_conflict_do_nothing(index_elements=["url"]).returning(Source.id)
    return len(session.scalars(added).all())

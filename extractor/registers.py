"""All SQL of the registers, watched names and name tables, as the lexicon reads them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, delete, func, literal, or_, select, text
from sqlalchemy.orm import Session

from core.models import (
    Bank,
    BankAlias,
    Firm,
    FirmAlias,
    LexiconChange,
    NameTable,
    NameTablePart,
    WatchItem,
    Watchlist,
)
from core.register import BankEntry, FirmEntry
from core.sql import Asker, Query, Rows

_Rows = Select[*tuple[Any, ...]]
_PART = 8 << 20  # bytes of a name table in one row
_OVERLAP = timedelta(minutes=15)  # a row may be committed so much later than the moment that it bears
_CHANGES = 20  # changes looked at: more are hardly under way at once
_TABLE = "table"
_BUILDING = 0x6E616D6573  # the advisory lock of whoever builds a name table


CHANGES = Query(select(LexiconChange.id).order_by(LexiconChange.id.desc()).limit(_CHANGES))
"""The numbers of the last changes to registers or watched names: one that is committed late changes them too."""


def changes(session: Asker) -> tuple[int, ...]:
    """Those numbers."""
    return told(CHANGES(session))


def told(rows: Rows) -> tuple[int, ...]:
    """The numbers that `CHANGES` answers."""
    return tuple(row.id for row in rows)


def registers_changed_after(session: Session, change: int) -> bool:
    """Whether the registers themselves were loaded anew after a change of that number."""
    names_only = LexiconChange.what.in_(("watchlist", "alias", _TABLE))  # what is new is laid over a table
    later = select(literal(1)).where(LexiconChange.id > change, ~names_only).limit(1)
    return session.scalar(later) is not None


def holds_more_than(session: Session, names: int) -> bool:
    """Whether the registers hold more names than that."""
    some = select(literal(1)).select_from(FirmAlias).limit(names + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) > names


def watched(session: Session) -> list[str]:
    """The names of banks and firms on all watchlists that are in force, excluded ones too."""
    meant = func.coalesce(WatchItem.resolved, WatchItem.name)
    names = select(meant).join(Watchlist).where(Watchlist.enabled, WatchItem.kind.in_(("bank", "firm")))
    return sorted(session.scalars(names.distinct()))


def watched_words(session: Session) -> list[tuple[str, str]]:
    """The words and phrases on them: (key, word)."""
    words = select(WatchItem.key, WatchItem.name).join(Watchlist).where(Watchlist.enabled, WatchItem.kind == "word")
    return sorted((key, word) for key, word in session.execute(words.distinct()))


def registers(session: Session, since: datetime | None = None) -> tuple[list[BankEntry], list[FirmEntry]]:
    """All banks and the register's firms, or those made or edited after `since`."""
    return list(banks(session, since)), list(firms(session, since))


def banks(session: Session, since: datetime | None = None) -> Iterator[BankEntry]:
    """The banks by name, or those made or edited after `since`."""
    names = func.array_agg(BankAlias.alias)
    query: _Rows = select(Bank.name, Bank.kind, Bank.stock_code, Bank.parent, Bank.region, names.label("aliases"))
    rows = query.join(BankAlias).group_by(Bank.id).order_by(Bank.name)
    return (BankEntry(**_entry(row)) for row in session.execute(_after(rows, Bank, since)))


def firms(session: Session, since: datetime | None = None) -> Iterator[FirmEntry]:
    """The register's firms by name, or those made or edited after then. A learnt name is proposed, and not yet trusted,
    unless the operator had its firm in hand; what is learnt of its trade is then still the articles' to say."""
    names = func.array_agg(FirmAlias.alias)
    vouched = or_(Firm.origin != "learnt", Firm.edited.contains(["tech"]))
    tech = case((vouched, Firm.tech)).label("tech")
    columns = (Firm.name, Firm.stock_code, Firm.sector, tech, Firm.region, Firm.origin)
    query: _Rows = select(*columns, names.label("aliases")).join(FirmAlias)
    trusted = or_(Firm.origin != "learnt", Firm.edited_at.is_not(None))
    rows = query.where(trusted, Firm.merged_into.is_(None)).group_by(Firm.id).order_by(Firm.name)
    found = session.execute(_after(rows, Firm, since).execution_options(yield_per=5000))
    return (FirmEntry(**_entry(row)) for row in found)


def _after(rows: _Rows, table: type[Bank] | type[Firm], since: datetime | None) -> _Rows:
    return rows if since is None else rows.where(func.greatest(table.created_at, table.edited_at) > since)


def _entry(row: Any) -> dict[str, Any]:
    """A register's row with its other names in order."""
    columns = dict(row._mapping)
    return columns | {"aliases": tuple(sorted(set(columns["aliases"]) - {columns["name"]}))}


def begin_building(session: Session, *, wait: bool) -> bool:
    """Hold the right to build a name table until the transaction ends; False where another holds it, unless `wait`."""
    take = func.pg_advisory_xact_lock if wait else func.pg_try_advisory_xact_lock
    return session.scalar(select(take(_BUILDING))) is not False


def moment(session: Session) -> datetime:
    """The moment from which on rows may be missing in what this transaction reads next."""
    session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    now: datetime = session.execute(select(func.now())).scalar_one()
    return now - _OVERLAP


def newest_table(session: Session) -> NameTable | None:
    """The name table built last."""
    return session.scalar(select(NameTable).order_by(NameTable.id.desc()).limit(1))


def table_bytes(session: Session, table_id: int) -> bytes:
    """A name table's bytes."""
    cursor = session.connection().connection.cursor(binary=True)  # bytes as they are; as text they are twice as long
    cursor.execute("SELECT data FROM name_table_part WHERE table_id = %s ORDER BY number", [table_id])
    return b"".join(row[0] for row in cursor.fetchall())


def keep_table(session: Session, table: NameTable, data: bytes) -> None:
    """Keep a new name table with its bytes and tell running workers; older ones go."""
    session.add(table)
    session.flush()
    view = memoryview(data)
    for number, start in enumerate(range(0, len(data), _PART)):
        session.add(NameTablePart(table_id=table.id, number=number, data=bytes(view[start : start + _PART])))
        session.flush()
        session.expunge_all()
    session.add(LexiconChange(what=_TABLE))
    session.execute(delete(NameTable).where(NameTable.id < select(func.max(NameTable.id)).scalar_subquery()))

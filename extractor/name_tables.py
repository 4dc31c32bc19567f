"""Name tables in PostgreSQL: built from the registers where these are large, opened by every worker.

`python -m extractor.name_tables` builds one, unless another process is about it; a worker whose table has grown old
starts it beside itself and goes on reading with what it has.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from core import database
from core.models import NameTable as Row
from core.register import BankEntry, FirmEntry
from extractor import registers
from extractor.lexicon import Entry, digest, key
from extractor.name_table import NameTable, build

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """A name table, and what it holds: the registers as of `change`, all that was made or edited before `since`."""

    id: int
    change: int
    since: datetime
    digest: str
    names: NameTable


def opened(session: Session, held: Opened | None) -> Opened:
    """The newest table; the one already held, if that is it. Where there is none yet, it is built first."""
    newest = registers.newest_table(session)
    if newest is None:
        log.warning("lexicon.first_table", told="the registers are large and have no name table yet; building one")
        built(wait=True)
        newest = registers.newest_table(session)
        assert newest is not None
    if held is not None and held.id == newest.id:
        return held
    names = NameTable(registers.table_bytes(session, newest.id), _entry)
    return Opened(newest.id, newest.change, newest.since, newest.digest, names)


def built(*, wait: bool) -> bool:
    """Build a table of all that the registers hold now; False where another process is about it, or just was."""
    with database.transaction() as guard:
        before = registers.newest_table(guard)
    with database.transaction() as guard:
        if not registers.begin_building(guard, wait=wait):
            return False
        newest = registers.newest_table(guard)
        if newest is not None and (before is None or newest.id > before.id):
            return False
        with database.transaction() as session:
            _build(session, registers.moment(session))
    return True


def _build(session: Session, since: datetime) -> None:
    change = max(registers.changes(session), default=0)
    names: dict[str, int] = {}
    entries: list[bytes] = []
    for bank in registers.banks(session):
        _add(bank, names, entries)
    for firm in registers.firms(session):
        _add(firm, names, entries)
    told = digest({}, [f"{name}\t{entries[number].decode()}" for name, number in names.items()])
    count, data = len(names), build(names, entries)
    del names, entries
    registers.keep_table(session, Row(change=change, since=since, names=count, digest=told), data)
    log.info("lexicon.table_built", names=count, megabytes=round(len(data) / 1e6))


def _add(entry: Entry, names: dict[str, int], entries: list[bytes]) -> None:
    for name in (entry.name, *entry.aliases):
        if len(name) >= 2:
            names.setdefault(key(name), len(entries))
    kind = "bank" if isinstance(entry, BankEntry) else "firm"
    columns = {name: getattr(entry, name) for name in entry.__slots__}
    told = {name: value for name, value in columns.items() if value not in (None, ())}
    entries.append(json.dumps({"": kind, **told}, ensure_ascii=False).encode())


def _entry(told: dict[str, Any]) -> Entry:
    kind = BankEntry if told.pop("") == "bank" else FirmEntry
    return kind(**told | {"aliases": tuple(told.get("aliases", ()))})


def build_beside() -> subprocess.Popen[bytes]:
    """Build a table in a process of its own."""
    return subprocess.Popen([sys.executable, "-m", "extractor.name_tables"], stdin=subprocess.DEVNULL)


def main() -> None:
    """Build a table, unless another process is about it."""
    built(wait=False)


if __name__ == "__main__":
    main()

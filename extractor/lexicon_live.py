"""The running worker's lexicon: read from the registers, and anew within seconds when they or watchlists change.

Registers of up to `FEW` names are read whole. Larger ones lie in a name table (`name_tables`); the worker reads only
what was made or edited after it, so that a change is in force at once. A table grown old is built anew beside.
"""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.orm import Session

from core.database import transaction
from core.register import BankEntry, FirmEntry
from core.sql import Flight, Rows
from extractor import registers
from extractor.lexicon import Automaton, Entry, Lexicon, digest, named, watched_keys
from extractor.watched_words import WatchedWords

if TYPE_CHECKING:
    from extractor.name_tables import Opened

log = structlog.get_logger(__name__)
CHECK_EVERY = 1.0  # seconds between two looks whether something changed
FEW = 50_000  # names up to which reading all of them takes about a second
MOST_NEWER = 5_000  # names newer than the table above which it is built anew
REBUILD_EVERY = 600.0  # seconds between two beginnings of a build by one worker
_ASKED = "changes of the lexicon"  # in a flight's `info`, the answer that is on its way


@dataclass
class _Held:
    changes: tuple[int, ...]
    checked: float
    lexicon: Lexicon
    table: Opened | None = None


_held: _Held | None = None
_build: subprocess.Popen[bytes] | None = None
_build_at = float("-inf")


def current(session: Session) -> Lexicon:
    """The lexicon in force, at most `CHECK_EVERY` seconds behind the registers."""
    global _held
    moment = time.monotonic()
    if _held and not _is_due(_held):
        return _held.lexicon
    changes = registers.changes(session)
    if _held is None or _held.changes != changes:
        _held = _load(session, changes, _held.table if _held else None)
        log.info("lexicon.loaded", version=_held.lexicon.version, milliseconds=_since(moment))
    _held.checked = moment
    return _held.lexicon


def ask(flight: Flight) -> None:
    """Where a look is due, ask in a journey that is made anyway; `in_force` reads the answer."""
    if _held and _is_due(_held):
        flight.info[_ASKED] = registers.CHANGES(flight)


def in_force(flight: Flight | None = None) -> Lexicon:
    """The same for a worker amid its work: no session is opened but where something changed, or nobody asked."""
    asked: Rows | None = flight.info.pop(_ASKED, None) if flight else None
    if _held and asked is not None and registers.told(asked) == _held.changes:
        _held.checked = time.monotonic()
        return _held.lexicon
    if _held and not _is_due(_held):
        return _held.lexicon
    with transaction() as session:
        return current(session)


def _is_due(held: _Held) -> bool:
    return time.monotonic() - held.checked >= CHECK_EVERY


def forget() -> None:
    """Read the registers anew at the next article."""
    global _held
    _held = None


def _load(session: Session, changes: tuple[int, ...], table: Opened | None) -> _Held:
    moment = time.monotonic()
    if table is None and not registers.holds_more_than(session, FEW):
        banks, firms = registers.registers(session)
        lexicon = Lexicon.build(banks, firms, registers.watched(session), _words(session))
        return _Held(changes, moment, lexicon)
    from extractor import name_tables  # with numpy, which small registers need not load

    table = name_tables.opened(session, table)
    banks, firms = registers.registers(session, table.since)
    if len(banks) + len(firms) > MOST_NEWER or registers.registers_changed_after(session, table.change):
        _build_beside()
    lexicon = _over(table, banks, firms, registers.watched(session), _words(session))
    return _Held(changes, moment, lexicon, table)


def _words(session: Session) -> WatchedWords | None:
    found = registers.watched_words(session)
    return WatchedWords(found) if found else None


def _over(
    table: Opened, banks: list[BankEntry], firms: list[FirmEntry], names: list[str], words: WatchedWords | None
) -> Lexicon:
    """The table with what is newer and what is watched laid over it."""
    newer: dict[str, Entry | None] = dict(named(banks, firms))
    version = f"{table.digest}+{digest(newer, names)}"
    keys = watched_keys(names)
    for name in sorted(keys):
        newer.setdefault(name, None)
    return Lexicon(table.names, keys, version, Automaton(newer), words)


def _build_beside() -> None:
    """Have the table built anew, unless that was begun a short while ago."""
    global _build, _build_at
    if _build is not None and _build.poll() is None:
        return
    if time.monotonic() - _build_at > REBUILD_EVERY:
        from extractor import name_tables

        _build, _build_at = name_tables.build_beside(), time.monotonic()


def _since(moment: float) -> int:
    return int((time.monotonic() - moment) * 1000)

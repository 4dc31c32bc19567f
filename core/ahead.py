"""Hints that go ahead of their rows.

A message takes some milliseconds through the broker to a worker. Who knows that a row is about to be made lets them
pass meanwhile: the row's id is chosen and locked (an advisory lock), the message leaves, and the worker that takes it
up waits for that lock, which ends with the transaction that makes the row, or that makes none. Where the commit comes
late, the row is announced once more after it (core/messages.py), so that no worker need wait long.
"""

from typing import Any
from uuid import UUID

import psycopg
import structlog
from sqlalchemy import Text, Uuid, bindparam, func, literal, select

from core import messages
from core.sql import Asker, Flight, Query, Rows
from core.work import Claim, Step, locking

log = structlog.get_logger(__name__)
PATIENCE = 2 * messages.AHEAD  # seconds that a worker waits: longer than until the row is announced again


def _key(row_id: Any) -> Any:
    """The lock of a row: of other names (extractor/statements.py) none begins so."""
    return func.hashtextextended(func.concat("row ", row_id), 0)


_new = select(func.uuidv7(type_=Uuid).label("id")).offset(0).subquery()  # one id, which both columns tell
HOLD = select(_new.c.id, func.pg_advisory_xact_lock(_key(_new.c.id)).label("held"))
"""An `id` for a row that is to be made, held until the transaction ends; other columns may be asked for beside it."""
_HOLD = Query(HOLD)
_impatient = func.set_config("lock_timeout", bindparam("patience", type_=Text), literal(True))
_WAIT = Query(select(_impatient, func.pg_advisory_xact_lock_shared(_key(bindparam("row", type_=Uuid)))))


class Ahead:
    """An id for a row that the transaction may make, held from now on; in a pipelined flight nothing is waited for.

    It is told by the one row of `asked`, where a statement asks for more than HOLD.
    """

    def __init__(self, session: Asker, asked: Rows | None = None) -> None:
        self._session, self._asked = session, asked or _HOLD(session)
        self._row: Any = None

    @property  # a cached one of Python 3.11 has a lock that all threads share, held while PostgreSQL is waited for
    def told(self) -> Any:
        """All that was asked for."""
        if self._row is None:
            self._row = self._asked.fetchone()
        return self._row

    @property
    def id(self) -> UUID:
        """What the row is to be called."""
        found: UUID = self.told.id
        return found

    def send(self, step: Step) -> None:
        """Send `step`'s message for the row."""
        messages.ahead(self._session, step.task, self.id)


def locking_made(flight: Flight, step: Step, row_id: UUID) -> Claim:
    """Lock, as `core.work.locking` does, a row that another transaction makes, once that has ended; None where it made
    none, or does not end in time. Each statement of the transaction sees what stands when it begins.

    Nobody else heard of the row, so that neither a lease nor a count need be on the disk before the work begins: where
    this worker dies its row is open as it was made, and is swept."""
    _WAIT(flight, row=row_id, patience=f"{PATIENCE * 1000:.0f}ms")
    locked = locking(flight, step, row_id)

    def answer() -> Any:
        try:
            return locked()
        except psycopg.errors.LockNotAvailable:
            log.info("work.not_made_yet", step=step.name, id=str(row_id))
            return None

    return answer

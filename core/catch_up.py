"""What follows from rows a little later, beside the scheduler's ticks: how names are spelt.

Each duty does one batch in one transaction and tells how much it did. What is open stands in the rows, so that any
number of processes may catch up at once, and one that is killed loses nothing.
"""

import threading
from collections.abc import Callable

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.database import transaction
from core.models import BankAlias, FirmAlias
from core.pinyin import spell

log = structlog.get_logger(__name__)
EVERY = 1.0  # seconds between two looks
BATCH = 500  # rows done in one transaction


def run(stop: threading.Event) -> None:
    """Catch up until `stop` is set; a database that is away is told and met again."""
    while not stop.is_set():
        if not once():
            stop.wait(EVERY)


def once() -> int:
    """One batch of each duty; how many rows were done in all."""
    return sum(_guarded(duty) for duty in DUTIES)


def _guarded(duty: Callable[[Session], int]) -> int:
    try:
        with transaction() as session:
            done = duty(session)
    except SQLAlchemyError as error:
        log.warning("catch_up.failed", duty=duty.__name__, error=str(error).splitlines()[0])
        return 0
    if done:
        log.info("catch_up.done", duty=duty.__name__, count=done)
    return done


def spell_banks(session: Session) -> int:
    """Spell the banks' names that are not spelt yet."""
    return _spell(session, BankAlias)


def spell_firms(session: Session) -> int:
    """Spell the firms' names that are not spelt yet."""
    return _spell(session, FirmAlias)


def _spell(session: Session, table: type[BankAlias] | type[FirmAlias]) -> int:
    unspelt = select(table.key).where(table.pinyin.is_(None)).limit(BATCH).with_for_update(skip_locked=True)
    rows = [{"key": key, **spell(key)._asdict()} for key in session.scalars(unspelt)]
    if rows:
        session.execute(update(table), rows)
    return len(rows)


DUTIES: tuple[Callable[[Session], int], ...] = (spell_banks, spell_firms)

"""What follows from rows a little later: a loop over duties, in a thread beside the scheduler's ticks.

A duty does one batch in one transaction and tells how much it did. What is open stands in the rows, so that any number
of processes may catch up at once, and one that is killed loses nothing. Who has duties hands them in (cli/serve.py).
"""

import threading
from collections.abc import Callable, Iterable

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.database import transaction

log = structlog.get_logger(__name__)
Duty = Callable[[Session], int]
EVERY = 1.0  # seconds between two looks


def run(stop: threading.Event, duties: Iterable[Duty]) -> None:
    """Catch up until `stop` is set; a database that is away, or a duty that fails, is told and met again."""
    duties = tuple(duties)
    while not stop.is_set():
        if not once(duties):
            stop.wait(EVERY)


def once(duties: Iterable[Duty]) -> int:
    """One batch of each duty; how many rows were done in all."""
    return sum(_guarded(duty) for duty in duties)


def _guarded(duty: Duty) -> int:
    try:
        with transaction() as session:
            done = duty(session)
    except SQLAlchemyError as error:
        log.warning("catch_up.failed", duty=duty.__name__, error=str(error).splitlines()[0])
        return 0
    except Exception:  # the other duties go on
        log.exception("catch_up.error", duty=duty.__name__)
        return 0
    if done:
        log.info("catch_up.done", duty=duty.__name__, count=done)
    return done

"""What follows from rows a little later: a loop over duties, in a thread beside the scheduler's ticks.

A duty does one batch in one transaction and tells how much it did. What is open stands in the rows, so that any number
of processes may catch up at once, and one that is killed loses nothing. Who has duties hands them in (cli/serve.py).
"""

import threading
import time
from collections.abc import Callable, Iterable
from functools import partial

import structlog
from sqlalchemy.orm import Session

from core.database import transaction
from core.guard import guarded

log = structlog.get_logger(__name__)
Duty = Callable[[Session], int]
EVERY = 1.0  # seconds between two looks


class Seldom:
    """A duty that rests for `seconds` once it found nothing to do; it need not be done the moment it could be."""

    def __init__(self, duty: Duty, seconds: float) -> None:
        self._duty, self._seconds = duty, seconds
        self._not_before = float("-inf")
        self.__name__ = duty.__name__

    def __call__(self, session: Session) -> int:
        """One batch; 0 while it rests."""
        if time.monotonic() < self._not_before:
            return 0
        done = self._duty(session)
        if not done:
            self._not_before = time.monotonic() + self._seconds
        return done


def run(stop: threading.Event, duties: Iterable[Duty]) -> None:
    """Catch up until `stop` is set; a database that is away, or a duty that fails, is told and met again."""
    duties = tuple(duties)
    while not stop.is_set():
        if not once(duties):
            stop.wait(EVERY)


def once(duties: Iterable[Duty]) -> int:
    """One batch of each duty; how many rows were done in all."""
    return sum(guarded(duty.__name__, partial(_batch, duty)) for duty in duties)


def _batch(duty: Duty) -> int:
    with transaction() as session:
        done = duty(session)
    if done:
        log.info("catch_up.done", duty=duty.__name__, count=done)
    return done

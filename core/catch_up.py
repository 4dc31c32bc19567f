"""What follows from rows a little later: a loop over duties, in a thread beside the scheduler's ticks.

A duty does one batch in one transaction and tells how much it did. What is open stands in the rows, so that any number
of processes may catch up at once, and one that is killed loses nothing. Who has duties hands them in (cli/serve.py).
"""

import threading
import time
from collections.abc import Callable, Iterable

import structlog
from sqlalchemy.orm import Session

from core.database import transaction
from core.guard import guarded

log = structlog.get_logger(__name__)
EVERY = 1.0  # seconds between two looks


class Duty:
    """What is done `batch` rows at a time at most, and rests for `rest` seconds once there was nothing to do."""

    def __init__(self, act: Callable[[Session], int], *, batch: int = 1, rest: float = 0.0) -> None:
        self.name, self._act, self._batch, self._rest = act.__name__, act, batch, rest
        self._not_before = float("-inf")

    def do(self) -> int:
        """One batch in a transaction of its own; how many rows, 0 while it rests and where it failed, which is told."""
        if time.monotonic() < self._not_before:
            return 0
        return guarded(self.name, self._do)

    def is_behind(self, done: int) -> bool:
        """Whether there may be more, having `done` so many."""
        return done >= self._batch

    def _do(self) -> int:
        with transaction() as session:
            done = self._act(session)
        if done:
            log.info("catch_up.done", duty=self.name, count=done)
        else:
            self._not_before = time.monotonic() + self._rest
        return done


def run(stop: threading.Event, duties: Iterable[Duty]) -> None:
    """Catch up until `stop` is set; a database that is away, or a duty that fails, is told and met again.

    Where no duty is behind, what comes is gathered for a while: to look at once for what came during the last look
    would take half a processor for a few rows at a time, and from the very work that makes them.
    """
    duties = tuple(duties)
    while not stop.is_set():
        behind = [duty for duty in duties if duty.is_behind(duty.do())]
        if not behind:
            stop.wait(EVERY)


def once(duties: Iterable[Duty]) -> int:
    """One batch of each duty; how many rows were done in all."""
    return sum(duty.do() for duty in duties)

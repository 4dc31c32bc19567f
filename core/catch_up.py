"""What follows from rows a little later: a loop over duties, in a thread beside the scheduler's ticks.

A duty does one batch in one transaction and tells how much it did. What is open stands in the rows, so that any number
of processes may catch up at once, and one that is killed loses nothing. Who has duties hands them in (cli/serve.py).
"""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from sqlalchemy import Select, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.database import at_once, transaction
from core.guard import guarded
from core.sql import Query

log = structlog.get_logger(__name__)
EVERY = 1.0  # seconds between two looks


class Duty:
    """What is done `batch` rows at a time at most, and rests for `rest` seconds once there was nothing to do.

    `open_` is a cheap statement that answers rows where there may be something to do; without it the duty itself finds
    out.
    """

    def __init__(
        self,
        act: Callable[[Session], int],
        *,
        batch: int = 1,
        rest: float = 0.0,
        open_: Select[Any] | None = None,
    ) -> None:
        self.name, self.open_, self._act, self._batch, self._rest = act.__name__, open_, act, batch, rest
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


class Round:
    """Duties in their order, and one question for which of them there may be something to do: most of the time there is
    for few, and each that were to find out by itself would take as long as a row's work."""

    def __init__(self, duties: Iterable[Duty]) -> None:
        self._duties = tuple(duties)
        asked = [duty.open_.exists() for duty in self._duties if duty.open_ is not None]
        self._question = Query(select(*asked)) if asked else None

    def turn(self) -> list[tuple[Duty, int]]:
        """One batch of each duty that has something to do; each with how many rows were done."""
        return [(duty, duty.do()) for duty in self.open()]

    def open(self) -> list[Duty]:
        """Those which may have something to do; all where that could not be asked, so that each tells why."""
        if self._question is None:
            return list(self._duties)
        try:
            with at_once() as flight:
                [told] = self._question(flight)
        except SQLAlchemyError:
            return list(self._duties)
        answers = iter(told)
        return [duty for duty in self._duties if duty.open_ is None or next(answers)]


def run(stop: threading.Event, duties: Iterable[Duty]) -> None:
    """Catch up until `stop` is set; a database that is away, or a duty that fails, is told and met again.

    Where no duty is behind, what comes is gathered for a while: to look at once for what came during the last look
    would take half a processor for a few rows at a time, and from the very work that makes them.
    """
    round_ = Round(duties)
    while not stop.is_set():
        if not any(duty.is_behind(done) for duty, done in round_.turn()):
            stop.wait(EVERY)


def once(duties: Iterable[Duty]) -> int:
    """One batch of each duty; how many rows were done in all."""
    return sum(done for _, done in Round(duties).turn())

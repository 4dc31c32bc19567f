"""The real chain for a test: services as child processes over the test's database, and ways to watch and hurt it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psutil
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.models import Article, Delivery, Notice

# shorter than the defaults, so that a test waits seconds for what takes half a minute at most
QUICK = {
    "YINQI_LEASE": "3",
    "YINQI_RESEND_AFTER": "2",
    "YINQI_SWEEP_INTERVAL": "0.3",
    "YINQI_LOG_LEVEL": "warning",
}


class Chain:
    """Services by name; each may be started, killed and started again. `module` is what runs one, given its name."""

    def __init__(self, environment: dict[str, str], *module: str) -> None:
        self.environment = {**environment, **QUICK}
        self.module = module or ("cli", "serve")
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *services: str, **more: str) -> None:
        for name in services:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", *self.module, name],
                env={**self.environment, **more},
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """kill -9 of the service and of its worker processes at once."""
        process = self.running.pop(name)
        family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
        for member in family:
            with suppress(psutil.NoSuchProcess):
                member.kill()
        process.wait()

    def stop(self) -> None:
        for process in self.running.values():
            process.terminate()  # the worker ends its own children
        for process in self.running.values():
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@contextmanager
def chain(environment: dict[str, str], *services: str, **more: str) -> Iterator[Chain]:
    """The services running; ended at the end."""
    running = Chain(environment)
    try:
        running.start(*services, **more)
        yield running
    finally:
        running.stop()


def until(happened: Callable[[], Any], *, seconds: float = 60) -> Any:
    """Wait until `happened()` is true and return it; a wait that long is a failure, not a measurement."""
    deadline = time.monotonic() + seconds
    while not (result := happened()):
        if time.monotonic() > deadline:
            raise AssertionError(f"did not happen within {seconds:g} s")
        time.sleep(0.1)
    return result


def open_rows(session: Session) -> int:
    """Rows of work anywhere in the chain that are still open."""
    session.rollback()
    return sum(
        session.scalar(select(func.count(rows.id)).where(rows.state == "open")) or 0
        for rows in (Article, Notice, Delivery)
    )


def await_settled(session: Session, *, seconds: float) -> None:
    """Until nothing is open; else a failure that tells what still is."""
    try:
        until(settled(session), seconds=seconds)
    except AssertionError as error:
        raise AssertionError(f"still open: {_left(session)}") from error


def _left(session: Session) -> list[str]:
    session.rollback()
    told = ("id", "attempts", "due_at", "sent_at", "lease_until", "reason")
    return [
        f"{rows.__tablename__} " + ", ".join(f"{name} {getattr(one, name)}" for name in told)
        for rows in (Article, Notice, Delivery)
        for one in session.scalars(select(rows).where(rows.state == "open").limit(5))
    ]


def settled(session: Session) -> Callable[[], bool]:
    """Whether every article was extracted, every notice matched and every delivery sent."""
    return lambda: open_rows(session) == 0

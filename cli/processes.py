"""Ending processes that are not our children."""

import time
from collections.abc import Sequence
from contextlib import suppress

import psutil


def lives(process: psutil.Process) -> bool:
    """Whether `process` runs; one that ended and that nobody has collected (a zombie) does not."""
    with suppress(psutil.Error):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


def end(processes: Sequence[psutil.Process], *, grace: float = 10.0) -> None:
    """TERM to each, and KILL to those that still live after `grace` seconds."""
    _each(processes, "terminate")
    until = time.monotonic() + grace
    while any(map(lives, processes)) and time.monotonic() < until:
        time.sleep(0.05)
    _each([process for process in processes if lives(process)], "kill")


def _each(processes: Sequence[psutil.Process], act: str) -> None:
    for process in processes:
        with suppress(psutil.Error):
            getattr(process, act)()

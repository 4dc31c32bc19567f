"""Ending processes that are not our children."""

import signal
import time
from collections.abc import Sequence
from contextlib import suppress

import psutil


def lives(process: psutil.Process) -> bool:
    """Whether `process` runs; one that ended and that nobody has collected (a zombie) does not."""
    with suppress(psutil.Error):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


def end(processes: Sequence[psutil.Process], *, grace: float = 10.0, number: int = signal.SIGTERM) -> None:
    """The signal `number` to each, and KILL to those that still live after `grace` seconds."""
    _send(processes, number)
    until = time.monotonic() + grace
    while any(map(lives, processes)) and time.monotonic() < until:
        time.sleep(0.05)
    _send([process for process in processes if lives(process)], signal.SIGKILL)


def _send(processes: Sequence[psutil.Process], number: int) -> None:
    for process in processes:
        with suppress(psutil.Error):
            process.send_signal(number)

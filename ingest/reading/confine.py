"""What a reader takes from itself before it reads: files, cores, memory, time, and life after its parent.

All of it is asked of the system as far as the system knows it: Linux knows it all, macOS most. It needs no privilege.
"""

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG, linux/prctl.h
_OPEN_FILES = 64
_SLACK = 2**30  # bytes of addresses beyond the memory itself: libraries, stacks, what is mapped and not used
_GRACE = 2.0  # seconds in which the parent ends a reader itself, and can say why


def for_life(parent: int, *, memory: int) -> None:
    """Die with the parent; write no file; leave no core; never hold more than `memory` bytes."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_DIE_WITH_PARENT, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)  # it died before
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C in the terminal is for the parent
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    _limit(resource.RLIMIT_DATA, memory)
    _limit(resource.RLIMIT_AS, memory + _SLACK)


def for_body(*, seconds: float, memory: int) -> None:
    """At most that for the next body: the system ends this process where its parent does not."""
    signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)
    used = resource.getrusage(resource.RUSAGE_SELF)
    _soften(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + seconds + _GRACE) + 1)
    _soften(resource.RLIMIT_DATA, memory)


def after_body() -> None:
    """The body is read: there is room again to tell of it."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    for what in (resource.RLIMIT_CPU, resource.RLIMIT_DATA):
        _soften(what, resource.getrlimit(what)[1])


def _limit(what: int, most: int) -> None:
    with suppress(ValueError, OSError):  # a lower limit is set already, or the system knows none
        resource.setrlimit(what, (most, most))


def _soften(what: int, most: int) -> None:
    with suppress(ValueError, OSError):
        resource.setrlimit(what, (most, resource.getrlimit(what)[1]))

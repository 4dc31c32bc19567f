"""One reader as its parent holds it: started, given a body, waited for as long as that may take, ended."""

import os
import resource
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from time import monotonic, sleep

from core.errors import TemporaryFailure
from ingest.errors import ReaderFailed, ReaderKilled
from ingest.formats.base import Body, Parsed
from ingest.reading import wire
from ingest.reading.wire import Limits

_START = 60.0  # seconds for a reader's imports; half a second where the machine has nothing else to do
_LAST_BREATH = 2.0  # seconds from its cutting the line to its end
_NEAR = 0.85  # share of its memory at which a reader that crashed is thought to have run out of it
_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")  # of the environment
# This process's folders of modules come after the child's own: a script's folder comes first here, and hides others.
_BOOT = "import sys; sys.path += sys.argv[5:]; from ingest.reading.child import main; main(*sys.argv[1:5])"
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes; ru_maxrss is told in KiB, but on macOS


class NoReader(TemporaryFailure):
    """No reader could be started, or all were told to end: no fault of the body's."""


class Reader:
    """A process that reads by `module`; `bodies` counts what it read. One thread at a time may hold it.

    NoReader where it does not start.
    """

    def __init__(self, module: str, *, memory: int) -> None:
        self.bodies = 0
        self._cut = False
        self._usage = 0  # bytes that it held at most; known when it has ended
        # A child is counted as having held what its parent did when it was started (Linux, exec_mmap): no evidence.
        self._inherited = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT
        self._line, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = _start(module, theirs.fileno(), memory)
            except OSError as error:
                self._line.close()
                raise NoReader(f"no reader of bodies could be started: {error}") from error
        self._await_start()

    @property
    def pid(self) -> int:
        """Of the process, as long as it was not ended."""
        return self._process.pid

    def lives(self) -> bool:
        """Whether it still runs: while it rested, somebody else may have killed it."""
        return self._collected() is None

    def read(self, body: Body, limits: Limits) -> Parsed:
        """What the body holds. After ReaderKilled the process has ended; any other RejectedInput is the body's."""
        self.bodies += 1
        head, tail = self._answer(body, limits)
        if head == wire.NO_MEMORY:
            self.end()
            raise ReaderKilled(f"{body.url}: reading it {_needed_more(limits)}")
        return wire.unpack_answer(head, tail, url=body.url)

    def _answer(self, body: Body, limits: Limits) -> tuple[bytes, bytes]:
        until = monotonic() + limits.seconds
        try:
            self._hand_over(body, limits, until)
            return wire.receive(self._line, until=until, largest=wire.LARGEST_ANSWER)
        except TimeoutError:
            reason = _took_longer(limits)
        except ReaderFailed as error:
            reason = f"was given up: {error}"
        except (EOFError, OSError):
            reason = self._how_it_ended(limits)
        self.end()
        raise ReaderKilled(f"{body.url}: reading it {reason}")

    def _hand_over(self, body: Body, limits: Limits, until: float) -> None:
        self._line.settimeout(limits.seconds)
        try:
            wire.send(self._line, *wire.pack_job(body, limits))
            wire.receive(self._line, until=until, largest=wire.LARGEST_ANSWER)
        except TimeoutError:
            raise
        except (EOFError, OSError) as error:
            self.end()
            raise NoReader("the reader of bodies ended before it was given one") from error

    def cut(self) -> None:
        """Have it ended by the thread that holds it, which hears at once that the line is gone."""
        self._cut = True
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """End it, whatever it does, and let go of all that it held."""
        if self._collected() is None:
            os.kill(self.pid, signal.SIGKILL)
            self._collected(wait=True)
        self._line.close()

    def _await_start(self) -> None:
        self._line.settimeout(_START)
        try:
            wire.receive(self._line, largest=wire.LARGEST_ANSWER)
        except (EOFError, OSError):
            self.end()
            raise NoReader(f"a reader of bodies did not start (its exit status is {self._collected()})") from None

    def _how_it_ended(self, limits: Limits) -> str:
        """Why the line broke off, as far as the system tells."""
        if self._cut:
            self.end()
            raise NoReader("the readers of bodies were told to end")
        until = monotonic() + _LAST_BREATH
        while (status := self._collected()) is None and monotonic() < until:
            sleep(0.01)
        if status is None:
            return "broke off: its reader fell silent"
        if -status in {signal.SIGALRM, signal.SIGXCPU}:
            return _took_longer(limits)
        if self._usage > max(_NEAR * limits.memory, self._inherited):
            return _needed_more(limits)
        if -status == signal.SIGABRT:  # how libraries in C++ end where they get no memory, and where they find a fault
            return f"was aborted by its libraries (signal {-status}), as where {limits.memory >> 20} MiB are not enough"
        return f"crashed the reader ({f'signal {-status}' if status < 0 else f'exit status {status}'})"

    def _collected(self, *, wait: bool = False) -> int | None:
        """Its exit status as subprocess tells it, None while it runs."""
        if self._process.returncode is None:
            try:
                pid, status, usage = os.wait4(self.pid, 0 if wait else os.WNOHANG)
            except ChildProcessError:  # somebody collects all children of this process
                self._process.returncode = 0
            else:
                if pid:
                    self._process.returncode = os.waitstatus_to_exitcode(status)
                    self._usage = usage.ru_maxrss * _RSS_UNIT
        return self._process.returncode


def _start(module: str, line: int, memory: int) -> "subprocess.Popen[bytes]":
    """Without this process's environment, which holds secrets, and without its open files."""
    told = [str(line), str(os.getpid()), str(memory), module, *sys.path]
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return subprocess.Popen(  # noqa: S603 (this very Python)
        [sys.executable, "-I", "-B", "-X", "utf8", "-c", _BOOT, *told],
        env=kept,
        pass_fds=(line,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def _took_longer(limits: Limits) -> str:
    return f"took longer than {limits.seconds:g} s"


def _needed_more(limits: Limits) -> str:
    return f"needed more than {limits.memory >> 20} MiB"

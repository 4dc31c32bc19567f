"""Child processes kept alive: started, their logs merged, restarted when they die, and all ended at the end."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO, Protocol

from core.errors import YinqiError

PAUSES = (0.2, 1.0, 2.0, 5.0, 10.0)
"""Seconds before the first, second … restart in a row; the last one from then on."""
STEADY = 30.0
"""A child that lived this many seconds begins at the first pause again."""
GRACE = 30.0
"""Seconds between TERM and KILL: above the workers' soft shutdown (core/celery_app.py)."""

Say = Callable[[str, str], None]


class Server(Protocol):
    """A server that is looked after too: not a child process, but started again when it dies."""

    name: str

    def alive(self) -> bool:
        """Whether it lives."""

    def start(self) -> str:
        """Start it again at the same address."""


@dataclass(frozen=True)
class Service:
    """One child: its name in logs, and its command line."""

    name: str
    command: Sequence[str]


@dataclass
class _Child:
    service: Service
    process: subprocess.Popen[str]
    started: float = field(default_factory=time.monotonic)
    reader: threading.Thread | None = None


class Supervisor:
    """Runs `services` with `environment`; `say(name, line)` gets every line they write, and our own as "yinqi".

    `changed(pids)` is called whenever the set of processes changed. All of it from the main thread but the lines:
    children are tied to the thread that starts them (prctl in cli/serve.py).
    """

    def __init__(
        self,
        services: Sequence[Service],
        *,
        environment: dict[str, str],
        say: Say,
        changed: Callable[[dict[str, int]], None] = lambda _: None,
        servers: Sequence[Server] = (),
    ) -> None:
        self._services = services
        self._environment = {**environment, "YINQI_PARENT": str(os.getpid()), "PYTHONUNBUFFERED": "1"}
        self._say = say
        self._changed = changed
        self._servers = servers
        self._children: dict[str, _Child] = {}
        self._deaths: dict[str, int] = {}
        self._due: dict[str, float] = {}

    def run(self, stop: threading.Event, *, tick: float = 0.2) -> None:
        """Start every service and keep it running until `stop` is set, then end all of them."""
        try:
            for service in self._services:
                self._start(service)
            self._tell()
            while not stop.wait(tick):
                self._look()
        finally:
            self._end()

    def _start(self, service: Service) -> None:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            list(service.command),
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C reaches us only, and the whole group can be ended
        )
        child = self._children[service.name] = _Child(service, process)
        child.reader = threading.Thread(target=self._read, args=(service.name, process.stdout), daemon=True)
        child.reader.start()

    def _read(self, name: str, lines: IO[str]) -> None:
        with lines:
            for line in lines:
                if line.strip():
                    self._say(name, line.rstrip())

    def _look(self) -> None:
        """Restart what died and is due."""
        for child in list(self._children.values()):
            if child.process.poll() is not None:
                self._bury(child)
        for server in self._servers:
            self._revive(server)
        now = time.monotonic()
        for service in self._services:
            if self._due.get(service.name, now + 1) <= now:
                del self._due[service.name]
                self._start(service)
                self._tell()

    def _revive(self, server: Server) -> None:
        """Start a dead server again; one that will not start yet is tried at the next look."""
        if server.alive() or self._due.get(server.name, 0) > time.monotonic():
            return
        self._say("yinqi", f"{server.name} died; starting it again")
        try:
            server.start()
        except (YinqiError, OSError, subprocess.SubprocessError) as error:
            self._say("yinqi", f"{server.name} does not start ({error})")
            self._due[server.name] = time.monotonic() + PAUSES[1]

    def _bury(self, child: _Child) -> None:
        """Forget a dead child, end what it left in its group, and set the time of its restart."""
        name = child.service.name
        _kill_group(child.process.pid)
        del self._children[name]
        lived = time.monotonic() - child.started
        deaths = self._deaths[name] = 1 if lived > STEADY else self._deaths.get(name, 0) + 1
        pause = PAUSES[min(deaths, len(PAUSES)) - 1]
        self._due[name] = time.monotonic() + pause
        self._say("yinqi", f"{name} {_ended_how(child.process.returncode)}; starting it again in {pause:g} s")
        self._tell()

    def _end(self) -> None:
        """TERM to all; KILL to whole groups after the grace period, or at once when asked to stop again."""
        with _impatience() as hurry:
            for child in self._children.values():
                with suppress(ProcessLookupError):
                    child.process.terminate()
            until = time.monotonic() + GRACE
            for child in self._children.values():
                while child.process.poll() is None and time.monotonic() < until and not hurry.is_set():
                    time.sleep(0.05)
                _kill_group(child.process.pid)
                child.process.wait()
                if child.reader:
                    child.reader.join(1)
        self._children.clear()
        self._tell()

    def _tell(self) -> None:
        self._changed({name: child.process.pid for name, child in self._children.items()})


def python(*arguments: str) -> tuple[str, ...]:
    """The command line of this same Python with `arguments`."""
    return (sys.executable, *arguments)


def _ended_how(code: int) -> str:
    if code >= 0:
        return f"ended (exit code {code})"
    with suppress(ValueError):
        return f"was killed ({signal.Signals(-code).name})"
    return f"was killed (signal {-code})"


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


@contextmanager
def _impatience() -> Iterator[threading.Event]:
    """An event that a further Ctrl-C or SIGTERM sets, while the children are being ended."""
    hurry = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield hurry
        return
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: hurry.set()) for number in numbers]
    try:
        yield hurry
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)

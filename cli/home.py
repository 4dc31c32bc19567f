"""The home folder: one `yinqi up` at a time holds it, and what it runs is written down there.

home/run/lock            held (flock) for as long as `yinqi up` lives; its content says who holds it
home/run/servers.json    addresses of the running servers, passwords included (mode 0600)
home/run/children.json   the running services by name: pid and start time
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import psutil

from cli import processes, secret_files
from core.errors import RejectedInput

MARK = "YINQI_RUN"
"""Variable in the environment of every child: which run it belongs to, so that leftovers are known for certain."""


class AlreadyRunning(RejectedInput):
    """Another `yinqi up` holds the home folder."""


class Holder(NamedTuple):
    """Who holds a home folder: the process, and the address of its API ("" before that is known)."""

    pid: int
    address: str


class Home:
    """The home folder while this process holds it."""

    def __init__(self, folder: Path, run: str) -> None:
        self.folder = folder
        self.run = run
        self._run_folder = folder / "run"

    def tell_address(self, address: str) -> None:
        """Write into the lock file where the API answers, for whoever finds the folder held."""
        _lock_file(self.folder).write_text(json.dumps({"pid": os.getpid(), "address": address, "run": self.run}))

    def tell_servers(self, **addresses: str) -> None:
        """Write down the addresses (they hold passwords: mode 0600)."""
        self._tell("servers.json", {"supervisor": os.getpid(), **addresses})

    def tell_children(self, children: dict[str, int]) -> None:
        """Write down the running services."""
        told = {}
        for name, pid in children.items():
            with suppress(psutil.NoSuchProcess):
                told[name] = {"pid": pid, "started": psutil.Process(pid).create_time()}
        self._tell("children.json", told)

    def _tell(self, name: str, content: dict[str, Any]) -> None:
        secret_files.write(self._run_folder / name, json.dumps(content, indent=1))


@contextmanager
def held(folder: Path) -> Iterator[Home]:
    """Hold `folder`, after ending what a killed run left behind; raises AlreadyRunning where another holds it."""
    folder = folder.absolute()
    path = _lock_file(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(_told(folder, _read(path))) from None
        _end_leftovers(_read(path).get("run"))
        home = Home(folder, uuid4().hex)
        home.tell_address("")
        try:
            yield home
        finally:
            for name in ("servers.json", "children.json"):
                (path.parent / name).unlink(missing_ok=True)


def holder(folder: Path) -> Holder | None:
    """Who holds `folder` now, None where nobody does."""
    path = _lock_file(folder)
    if not path.exists():
        return None
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            content = _read(path)
            return Holder(int(content.get("pid", 0)), str(content.get("address", "")))
    return None


def servers(folder: Path) -> dict[str, str]:
    """What `tell_servers` wrote, by the `yinqi up` that holds `folder`; empty where none does."""
    return _read(folder / "run" / "servers.json") if holder(folder) else {}


def _lock_file(folder: Path) -> Path:
    return folder / "run" / "lock"


def _read(path: Path) -> dict[str, Any]:
    with suppress(FileNotFoundError, ValueError):
        content = json.loads(path.read_text())
        return content if isinstance(content, dict) else {}
    return {}


def _told(folder: Path, content: dict[str, Any]) -> str:
    where = f", its API at {content['address']}" if content.get("address") else ""
    return f"Yinqi is already running on {folder} (process {content.get('pid', 'unknown')}{where})"


def _end_leftovers(run: str | None) -> None:
    """End what a killed run left behind: exactly the processes that carry its mark in their environment."""
    if run:
        processes.end([process for process in psutil.process_iter() if _mark(process) == run])


def _mark(process: psutil.Process) -> str | None:
    if process.pid == os.getpid():
        return None
    with suppress(psutil.Error, OSError):
        return str(process.environ().get(MARK, ""))
    return None

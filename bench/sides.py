"""A small and a large database in one real PostgreSQL, which are asked the same in turns."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psutil
import psycopg
from sqlalchemy.engine import make_url

from bench.stack import servers
from core import database, migrate
from core.sql import Flight


@dataclass(frozen=True)
class Side:
    """A connection to one of them, the process of the server's side of it, and what filling it told."""

    connection: psycopg.Connection[Any]
    flight: Flight
    server: psutil.Process
    told: Any

    def spent(self) -> float:
        """Seconds of CPU that the server's side has used."""
        times = self.server.cpu_times()
        return float(times.user + times.system)


@contextmanager
def sides(fill: Callable[[psycopg.Connection[Any], int], Any], few: int, many: int) -> Iterator[tuple[Side, Side]]:
    """Both, with our tables, each filled by `fill` with so much."""
    with (
        servers() as (_, running),
        _side(running.database_url, "few", fill, few) as small,
        _side(running.database_url, "many", fill, many) as large,
    ):
        yield small, large


@contextmanager
def _side(url: str, name: str, fill: Callable[[psycopg.Connection[Any], int], Any], size: int) -> Iterator[Side]:
    own = make_url(url).set(database=f"bench_{name}")
    with psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(False), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE bench_{name}")
    engine = database.connect(own.render_as_string(False))
    migrate.migrate(engine)
    engine.dispose()
    plain = own.set(drivername="postgresql").render_as_string(False)
    with psycopg.connect(plain, autocommit=True) as connection:
        told = fill(connection, size)
        [server] = connection.execute("SELECT pg_backend_pid()").fetchone() or ()
        yield Side(connection, Flight(connection), psutil.Process(server), told)

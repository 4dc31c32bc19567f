"""A database for each test, copied from a migrated template: the next is made while a test runs, and the last dropped.

Copying one takes longer than most tests do. The server is PostgreSQL's own process, so that it copies beside Python.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.engine import make_url

from cli.embedded import DATABASE
from core import database

# A test's database need not outlive the machine; `kill -9` of the server loses nothing by these.
_CARELESS = ("fsync", "full_page_writes")


class Databases:
    """Databases of the server at `url`; `take` one, `drop` it afterwards."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        admin = self._url.set(database="postgres").render_as_string(hide_password=False)
        self._engine = database.connect(admin, isolation_level="AUTOCOMMIT")
        self._beside = ThreadPoolExecutor(1)
        self._run(*(f"ALTER SYSTEM SET {name} TO off" for name in _CARELESS), "SELECT pg_reload_conf()")
        self._next = self._beside.submit(self._make)

    def take(self) -> str:
        """The address of a fresh one."""
        made, self._next = self._next, self._beside.submit(self._make)
        return self._url.set(database=made.result()).render_as_string(hide_password=False)

    def drop(self, url: str) -> Future[None]:
        """Take it away, and whoever is still connected to it."""
        return self._beside.submit(self._run, f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._beside.shutdown()
        self._engine.dispose()

    def _make(self) -> str:
        name = f"t{uuid4().hex[:12]}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {DATABASE} STRATEGY FILE_COPY")
        return name

    def _run(self, *statements: str) -> None:
        with self._engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))

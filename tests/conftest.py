"""Real servers for the whole session, and a database of its own for each test that asks for one."""

import logging
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
import structlog
from redis import Redis
from sqlalchemy.orm import Session

from cli import embedded
from core import database, migrate, secrets
from core.settings import settings
from tests.databases import Databases
from tests.fakes.mail import MailCatcher

MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30  # bytes: the databases of a session and their write-ahead log, several times over


def pytest_configure() -> None:
    """SIGTERM ends the session as Ctrl-C does: the servers are stopped, and what failed until then is told."""
    signal.signal(signal.SIGTERM, _end)


def _end(number: int, _: FrameType | None) -> None:
    # `make` passes on what its whole group got already: a second signal must not cut the end short
    signal.signal(number, lambda *_: None)
    raise KeyboardInterrupt


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """A folder for the session's servers; short, because a Unix socket's path has a limit. In memory where there is
    room: copying a database takes 25 ms there, and 200 to 1,500 on a disk that others use too."""
    room = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    with tempfile.TemporaryDirectory(prefix="yq", dir=MEMORY if room else None, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def servers(home: Path) -> Iterator[embedded.Servers]:
    """PostgreSQL with a migrated template database, and Valkey."""
    with embedded.servers(home) as running:
        engine = database.connect(running.database_url)
        migrate.migrate(engine)
        engine.dispose()
        yield running


@pytest.fixture(scope="session")
def databases(servers: embedded.Servers) -> Iterator[Databases]:
    """Fresh databases of that server."""
    with Databases(servers.database_url) as made:
        yield made


@pytest.fixture
def environment(
    servers: embedded.Servers, databases: Databases, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[dict[str, str]]:
    """A fresh database and an empty broker, set as this process's settings; also what child processes need."""
    url = databases.take()
    with Redis.from_url(servers.broker_url) as broker:
        broker.flushall()
    given = {
        "YINQI_HOME": str(tmp_path),
        "YINQI_DATABASE_URL": url,
        "YINQI_BROKER_URL": servers.broker_url,
        "YINQI_CANARY_INTERVAL": "0",
        "YINQI_ALLOWED_NETWORKS": "127.0.0.0/8,::1/128",
    }
    for key, value in given.items():
        monkeypatch.setenv(key, value)
    settings.cache_clear()
    database.forget()
    secrets.ensure_key(settings())
    _point_celery(servers.broker_url)
    yield {**os.environ, **given}
    if post := sys.modules.get("alerts.post"):
        post.close()
    if database.engine.cache_info().currsize:
        database.engine().dispose()
    database.engine.cache_clear()
    settings.cache_clear()
    databases.drop(url)


def _point_celery(broker_url: str) -> None:
    """The app was made when a test module was imported, before there was a broker."""
    from core.celery_app import app

    app.conf.broker_url = app.conf.broker_write_url = app.conf.broker_read_url = broker_url
    app._after_fork()  # forgets its connections


@pytest.fixture
def session(environment: dict[str, str]) -> Iterator[Session]:
    """A session on the test's own database; uncommitted work is rolled back."""
    with Session(database.engine(), expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def catcher(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[MailCatcher]:
    """A mail server, set as the one that mail is handed to."""
    with MailCatcher() as running:
        monkeypatch.setenv("YINQI_SMTP_PORT", str(running.port))
        settings.cache_clear()
        yield running


@pytest.fixture(autouse=True)
def _quiet_logs() -> Iterator[None]:
    """No context of one test's logs in another's."""
    structlog.contextvars.clear_contextvars()
    logging.getLogger().setLevel(logging.INFO)
    yield

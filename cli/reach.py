"""How a command reaches the database: the one of the settings, the running `yinqi up`'s, or one started for it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli import embedded, home
from core import database
from core.errors import RejectedInput
from core.settings import settings

SILENT_BROKER = "memory://"
"""A broker that takes messages nowhere: where no services run, the next sweep finds the rows."""


@contextmanager
def installation(*, alone: bool = False) -> Iterator[None]:
    """The settings of this process made to lead to the database; `alone` refuses where a `yinqi up` is running."""
    config = settings()
    folder = config.home.absolute()
    if config.database_url:
        with _pointed(config.database_url, config.broker_url or SILENT_BROKER):
            yield
    elif running := home.servers(folder):
        if alone:
            raise RejectedInput(f"Yinqi is running on {folder}: stop it first (Ctrl-C in its terminal)")
        with _pointed(running["database_url"], running["broker_url"]):
            yield
    else:
        with home.held(folder), _postgres(folder) as url, _pointed(url, SILENT_BROKER):
            yield


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    if not (folder / "postgres" / "PG_VERSION").exists() and (why := embedded.available(folder)):
        raise RejectedInput(f"there is no database: YINQI_DATABASE_URL is empty and {why}")
    with embedded.postgres(folder) as url:
        yield url


@contextmanager
def _pointed(database_url: str, broker_url: str) -> Iterator[None]:
    """The settings with these addresses; no connection is left open to a server that is about to stop."""
    if (settings().database_url, settings().broker_url) == (database_url, broker_url):
        yield
        return
    os.environ["YINQI_DATABASE_URL"], os.environ["YINQI_BROKER_URL"] = database_url, broker_url
    settings.cache_clear()
    database.engine.cache_clear()
    try:
        yield
    finally:
        database.engine().dispose()

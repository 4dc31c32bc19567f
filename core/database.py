"""The one database: an engine a process, and transactions that send their messages after the commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from core import messages
from core.settings import settings


@lru_cache
def engine() -> Engine:
    """This process's engine; connections are checked before use, so a restarted server is met with a new one."""
    return connect(settings().database)


def connect(url: str, **options: Any) -> Engine:
    """An engine for the PostgreSQL at `url`, with sessions in UTC."""
    return create_engine(
        url,
        pool_pre_ping=True,
        hide_parameters=True,  # an error must not carry articles and secrets into logs and reasons
        pool_size=5,
        max_overflow=15,
        connect_args={"options": "-c timezone=UTC", "connect_timeout": 5},
        **options,
    )


@contextmanager
def transaction() -> Iterator[Session]:
    """A session that commits at the end, then sends what `messages.after_commit` gathered; rolls back on error."""
    with Session(engine(), expire_on_commit=False) as session:
        with session.begin():
            yield session
        messages.flush(session)


def forget() -> None:
    """Drop the engine: a forked child must not share its parent's connections."""
    if engine.cache_info().currsize:
        engine().dispose(close=False)
    engine.cache_clear()

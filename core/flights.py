"""Connections for flights (core/sql.py), kept at hand: the way in and out of a pool costs as much as a query.

They come from a pool of their own, of the engine's kind and size, and stay in autocommit. A session's are in the
engine's, so that neither waits for what the other keeps.
"""

import os
import time
from collections import deque

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Pool, PoolProxiedConnection
from sqlalchemy.exc import DisconnectionError

IDLE = 1.0  # seconds after which a connection is checked before use
PREPARED = "prepared"  # where a connection's entry in the pool tells what pipelines have prepared
_KEPT = 5  # at hand at most; SQLAlchemy keeps as many


class Flights:
    """The connections of one engine's flights."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool.recreate()
        self._kept: deque[tuple[PoolProxiedConnection, float]] = deque()  # and since when
        self._process = os.getpid()

    def take(self) -> PoolProxiedConnection:
        """A connection in autocommit that lives; raises psycopg's errors where there is none to be had."""
        while self._kept:
            try:
                pooled, since = self._kept.pop()
            except IndexError:  # another thread was faster
                break
            try:
                if time.monotonic() - since >= IDLE:
                    check(driver(pooled))
            except DisconnectionError:
                pooled.invalidate()
            else:
                return pooled
        pooled = self._pool.connect()
        driver(pooled).autocommit = True
        return pooled

    def give_back(self, pooled: PoolProxiedConnection) -> None:
        """Keep it for the next."""
        if pooled.is_valid:
            if end(driver(pooled)):
                pooled.info.pop(PREPARED, None)  # psycopg forgets with all that is undone what was prepared, too
            if len(self._kept) < _KEPT and not driver(pooled).closed:
                self._kept.append((pooled, time.monotonic()))
                return
        pooled.close()  # its pool makes a new one, where it is no longer good

    def close(self) -> None:
        """Let go of all; in a forked child they are the parent's, who goes on using them."""
        if os.getpid() == self._process:
            while self._kept:
                pooled, _ = self._kept.pop()
                pooled.invalidate()
            self._pool.dispose()
        self._kept.clear()
        self._pool = self._pool.recreate()


def driver(pooled: PoolProxiedConnection) -> "psycopg.Connection[object]":
    """The connection as psycopg knows it."""
    found = pooled.driver_connection
    assert isinstance(found, psycopg.Connection)
    return found


def check(connection: "psycopg.Connection[object]") -> None:
    """Ask for a sign of life; DisconnectionError where it gives none."""
    before = connection.autocommit
    try:
        connection.autocommit = True  # opens no transaction
        connection.execute("")
    except psycopg.OperationalError as error:
        raise DisconnectionError(str(error)) from error
    connection.autocommit = before


def end(connection: "psycopg.Connection[object]") -> bool:
    """Take back what was left open, if anything was: to ask for it costs as much as a query, and hardly any connection
    needs it."""
    is_open = not connection.closed and connection.pgconn.transaction_status != TransactionStatus.IDLE
    if is_open:
        connection.rollback()
    return is_open

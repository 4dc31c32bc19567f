"""The one database: an engine a process, and transactions that send their messages after the commit."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import psycopg
from sqlalchemy import Engine, PoolProxiedConnection, create_engine, event, func, select
from sqlalchemy.orm import Session

from core import messages, sql
from core.flights import IDLE, PREPARED, Flights, check, driver, end
from core.settings import settings
from core.sql import Asker, Flight

_server_settings = {"timezone": "UTC"}
_driver_settings: dict[str, Any] = {"connect_timeout": 5}
_NEVER = 2**31  # runs of a statement after which the driver prepares it unasked
_TO_DISK = sql.Query(select(func.pg_logical_emit_message(False, "", "", True)))  # and with it all that was committed


@lru_cache
def engine() -> Engine:
    """This process's engine."""
    return connect(settings().database)


def connect(url: str, **options: Any) -> Engine:
    """An engine for the PostgreSQL at `url`, with sessions in UTC.

    A connection that was idle is checked before use, so that a restarted server is met with a new one; one that was
    just used is not, which spares busy workers a round trip for each transaction.
    """
    made = create_engine(
        url,
        hide_parameters=True,  # an error must not carry articles and secrets into logs and reasons
        pool_size=5,
        max_overflow=15,
        pool_reset_on_return=None,  # `end` does it, where there is something to be reset
        connect_args={
            "options": " ".join(f"-c {name}={value}" for name, value in _server_settings.items()),
            **_driver_settings,
        },
        **options,
    )
    event.listen(made, "reset", lambda connection, _, __: end(connection))
    event.listen(made, "checkin", _rests)
    event.listen(made, "checkout", _check)
    flights = Flights(made.pool)
    made.update_execution_options(flights=flights)  # where they live and die with the engine
    event.listen(made, "engine_disposed", lambda _: flights.close())
    return made


def _rests(_: Any, record: Any) -> None:
    record.info["since"] = time.monotonic()


def _check(connection: Any, record: Any, _: Any) -> None:
    """Ask an idle connection for a sign of life; the pool replaces it, and all that are older, where it gives none."""
    since = record.info.get("since")
    if since is not None and time.monotonic() - since >= IDLE:
        check(connection)


@contextmanager
def transaction() -> Iterator[Session]:
    """A session that commits at the end, then sends what `messages.after_commit` gathered; rolls back on error."""
    with Session(engine(), expire_on_commit=False) as session:
        with session.begin(), _errors_told(session):
            yield session
        messages.flush(session)


@contextmanager
def reading() -> Iterator[Session]:
    """A session that only asks: each statement is a transaction of its own, which spares the round trips of one."""
    with Session(engine()) as session, _errors_told(session):
        session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        yield session


@contextmanager
def pipelined() -> Iterator[Flight]:
    """A transaction for queries of core.sql alone: they and the commit travel together, answers are waited for once."""
    with at_once() as flight, together(flight):
        yield flight


@contextmanager
def together(flight: Flight) -> Iterator[None]:
    """The same as a part of a flight whose other queries are at once; what it announces is sent when that ends."""
    with flight.together() as pipeline:
        pipeline.order(b"BEGIN")
        yield
        pipeline.order(b"COMMIT")


def commit_and_go_on(flight: Flight) -> None:
    """Commit amid a transaction that is `together`, and begin the next in the same journey."""
    sql.order(flight, "COMMIT AND CHAIN")


@contextmanager
def announced_first() -> Iterator[Flight]:
    """A transaction as `pipelined`, whose messages leave before it is on disk, where it is when this ends.

    No alert can outlive it: PostgreSQL keeps the order of commits, and what is sent outside is preceded by `keep_now`.
    """
    with at_once() as flight:
        with together(flight):
            yield flight
            sql.order(flight, "SET LOCAL synchronous_commit = off")  # which only the commit heeds
        messages.flush(flight)
        _TO_DISK(flight).fetchone()


@contextmanager
def at_once() -> Iterator[Flight]:
    """A flight of queries each of which is a transaction of its own: one round trip instead of three.

    What `messages.after_commit` gathered is sent at the end.
    """
    with _flight() as flight:
        try:
            yield flight
        except BaseException:
            messages.drop(flight)
            raise
    messages.flush(flight)


@contextmanager
def _flight() -> Iterator[Flight]:
    """A connection without a session, which would cost as much as a query; rolls back on error."""
    flights: Flights = engine().get_execution_options()["flights"]
    try:
        pooled = flights.take()
    except psycopg.Error as error:
        raise sql.told(error) from error
    try:
        with _errors_told(pooled):
            yield Flight(driver(pooled), pooled.info.setdefault(PREPARED, {}))
    finally:
        flights.give_back(pooled)


@contextmanager
def _errors_told(held: Session | PoolProxiedConnection) -> Iterator[None]:
    """Errors of queries that ran on the driver itself (core/sql.py), as a session's own statements tell them."""
    try:
        yield
    except psycopg.Error as error:
        if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
            held.invalidate()  # the connection may be gone; a new one is made
        raise sql.told(error) from error


def serve_hints() -> None:
    """Let this process's commits not wait for the disk, and plan each statement once: for workers.

    Their rows only follow from others, and their statements find all they need through indexes, whatever the values:
    in memory, where one page costs little more than the next (PostgreSQL's own 4.0 is that of a turning disk).

    PostgreSQL keeps the order of commits. A crash of its machine may take back the last moments (three times
    wal_writer_delay: 0.6 s), but never an earlier commit without the later ones: the rows are then open again, and
    are swept. What leaves the house is preceded by `keep_now`. Never for the API and ingest, who promise to keep.
    """
    _server_settings["synchronous_commit"] = "off"
    _server_settings["plan_cache_mode"] = "force_generic_plan"
    _server_settings["jit"] = "off"  # a guess of many rows would cost more in compiling than the few that come
    _server_settings["random_page_cost"] = "1.1"


def serve_questions() -> None:
    """Let this process's statements be planned for the very values they ask for, and none be compiled: for the API.

    A plan that is made once for any filter is a bad one for most. What core/sql.py runs finds all by keys, whatever
    they are, and is prepared as ever. Helpers are called for what reads all of a history alone: each reads ahead of
    what a page needs, so that two of them read ten times as much. And an entry of an index counts four times what it
    does by default: a bitmap of all that a common filter lets through takes longer than the few rows of a rare one.
    """
    _server_settings["jit"] = "off"
    _server_settings["parallel_setup_cost"] = "20000"
    _server_settings["cpu_index_tuple_cost"] = "0.02"
    _driver_settings["prepare_threshold"] = _NEVER


def keep_now(session: Asker) -> None:
    """Let this transaction's commit wait for the disk, and so for all commits before it."""
    sql.order(session, "SET LOCAL synchronous_commit = on")


def forget() -> None:
    """Drop the engine: a forked child must not share its parent's connections."""
    if engine.cache_info().currsize:
        engine().dispose(close=False)
    engine.cache_clear()

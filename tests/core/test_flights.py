"""Connections for flights: kept and used again, clean, alive, and nobody else's."""

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from core import database, flights, sql
from core.models import Bank

pytestmark = pytest.mark.usefixtures("environment")

WHO = sql.Query(text("SELECT pg_backend_pid() AS pid"))
END = sql.Query(text("SELECT pg_terminate_backend(:pid)"))
ADD = sql.Query(text("INSERT INTO bank (id, name, kind) VALUES (gen_random_uuid(), '甲银行', 'city')"))
WRONG = sql.Query(text("SELECT nothing FROM nowhere"))


@pytest.fixture(autouse=True)
def fresh(environment: dict[str, str]) -> Iterator[None]:
    """An engine without connections before and after."""
    database.engine().dispose()
    yield
    database.engine().dispose()


def pid() -> int:
    with database.at_once() as flight:
        return int(WHO(flight).fetchone().pid)


def is_alone(flight: sql.Flight) -> bool:
    """Whether a query was a transaction of its own."""
    WHO(flight).fetchone()
    return sql.driver(flight).info.transaction_status == TransactionStatus.IDLE


def end(process: int) -> None:
    with database.transaction() as session:
        END(session, pid=process).fetchone()


def test_a_connection_is_used_again_and_is_no_sessions() -> None:
    first = pid()
    with database.transaction() as session:
        assert WHO(session).fetchone().pid != first
    assert pid() == first


def test_several_at_once_have_each_their_own_and_no_more_are_kept_than_allowed() -> None:
    with ExitStack() as exits:
        many = [exits.enter_context(database.at_once()) for _ in range(12)]
        assert len({WHO(flight).fetchone().pid for flight in many}) == 12
    with database.transaction() as session:
        mine = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        assert session.scalar(text(mine)) == 5 + 5  # at hand, and resting in the pool


def test_each_query_of_a_flight_is_a_transaction_of_its_own_whoever_had_the_connection_before() -> None:
    with database.at_once() as flight:
        sql.driver(flight).execute("BEGIN")
        assert not is_alone(flight)  # left open, as after an error
    with database.at_once() as flight:
        assert is_alone(flight)
        ADD(flight)
    with database.transaction() as session:
        assert session.scalar(select(Bank.name)) == "甲银行"


def test_a_session_after_which_something_was_left_open_leaves_nothing_to_the_next() -> None:
    pooled = database.engine().raw_connection()
    pooled.cursor().execute("INSERT INTO bank (id, name, kind) VALUES (gen_random_uuid(), '乙银行', 'city')")
    pooled.close()
    with database.transaction() as session:
        assert session.scalar(select(Bank.name)) is None


def test_an_error_of_a_query_breaks_no_later_flight() -> None:
    first = pid()
    with pytest.raises(ProgrammingError), database.pipelined() as flight:
        WRONG(flight)
    assert pid() == first


def test_a_connection_that_ends_in_a_flight_is_replaced() -> None:
    first = pid()
    with pytest.raises(OperationalError), database.at_once() as flight:
        end(first)
        WHO(flight).fetchone()
    assert pid() != first


def test_one_that_ended_at_rest_is_replaced_before_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    first = pid()
    end(first)
    monkeypatch.setattr(flights, "IDLE", 0.0)
    assert pid() != first


def test_all_are_closed_with_the_engine() -> None:
    first = pid()
    database.engine().dispose()
    with database.transaction() as session:
        gone = session.scalar(text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid"), {"pid": first})
    assert gone == 0 and pid() != first


def test_a_forked_child_makes_its_own_and_leaves_the_parents_alone() -> None:
    first = pid()
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            database.forget()
            os.write(writer, str(pid()).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    theirs = int(os.read(reader, 20))
    os.close(reader)
    os.close(writer)
    assert theirs != first and pid() == first


def test_threads_take_turns() -> None:
    told: list[bool] = []

    def fly() -> None:
        for _ in range(50):
            with database.at_once() as flight:
                told.append(is_alone(flight))

    threads = [threading.Thread(target=fly) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == [True] * 400

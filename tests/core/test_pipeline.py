"""Statements that travel together: answers in their order, the first error, and nothing left behind."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Text, bindparam, func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from core import database, sql
from core.models import Bank

WHO = sql.Query(select(func.pg_backend_pid().label("pid")))
ECHO = sql.Query(select(bindparam("told", type_=Text).label("told")))
PART = sql.Query(text("SELECT 1 / CAST(:by AS int) AS told"))
WRONG = sql.Query(text("SELECT nothing FROM nowhere"))
ADD = sql.Query(text("INSERT INTO bank (name, kind) VALUES (:name, 'city')"))
COUNT = sql.Query(select(func.count(Bank.id).label("told")))


@pytest.fixture(autouse=True)
def fresh(environment: dict[str, str]) -> Iterator[None]:
    """An engine without connections before and after."""
    database.engine().dispose()
    yield
    database.engine().dispose()


def echoed(told: str = "甲") -> str:
    with database.pipelined() as flight:
        return str(ECHO(flight, told=told).fetchone().told)


def test_answers_are_those_of_their_statements_in_whatever_order_they_are_read(session: Session) -> None:
    with database.pipelined() as flight:
        first, added, second = ECHO(flight, told="甲"), ADD(flight, name="甲银行"), ECHO(flight, told=None)
        count = COUNT(flight)
        assert count.fetchone().told == 1
        assert [row.told for row in second] == [None]
        assert (first.fetchall(), added.fetchall()) == ([("甲",)], [])
        assert first.fetchone() is None
        unread = COUNT.mappings(flight)
    assert unread.fetchall() == [{"told": 1}], "what was not read is there when all is done"
    assert session.query(Bank).count() == 1


def test_more_than_the_ways_hold_goes_both_ways() -> None:
    much = "银" * 5_000_000
    with database.pipelined() as flight:
        asked = [ECHO(flight, told=much) for _ in range(4)]
        assert all(one.fetchone().told == much for one in asked)


@pytest.mark.parametrize("is_read", [True, False])
def test_the_first_error_is_told_and_all_is_rolled_back(session: Session, is_read: bool) -> None:
    with pytest.raises(DBAPIError, match="division by zero"), database.pipelined() as flight:
        ADD(flight, name="甲银行")
        PART(flight, by=0)
        last = COUNT(flight)
        if is_read:
            last.fetchone()
    assert session.query(Bank).count() == 0
    assert echoed() == "甲", "the connection is as good as before"


def test_an_error_of_ones_own_leaves_nothing_behind(session: Session) -> None:
    with pytest.raises(RuntimeError), database.pipelined() as flight:
        ADD(flight, name="甲银行")
        raise RuntimeError("the work failed")
    assert session.query(Bank).count() == 0
    assert echoed() == "甲"


def test_what_could_not_be_prepared_is_prepared_anew() -> None:
    for _ in range(2):
        with pytest.raises(DBAPIError, match="nowhere"), database.pipelined() as flight:
            WRONG(flight)
            ECHO(flight, told="甲")
    assert echoed() == "甲"


def test_what_was_prepared_is_used_again_and_forgotten_where_psycopg_undoes_all() -> None:
    with database.pipelined() as flight:
        first = WHO(flight).fetchone().pid
        prepared = sql.Query(text("SELECT count(*) AS told FROM pg_prepared_statements WHERE name LIKE 'yinqi%'"))
        assert [prepared(flight).fetchone().told for _ in range(3)] == [2, 2, 2]
    with database.at_once() as flight:
        assert ECHO(flight, told="甲").fetchone().told == "甲"  # which psycopg prepares
        sql.order(flight, "BEGIN")  # and which is left open
    with database.pipelined() as flight:
        assert WHO(flight).fetchone().pid == first
        assert prepared(flight).fetchone().told == 2


def test_a_connection_that_is_lost_is_told_and_replaced(session: Session) -> None:
    end = text("SELECT pg_terminate_backend(:pid)")
    with pytest.raises(OperationalError, match=r"terminat|lost|closed"), database.pipelined() as flight:
        first = WHO(flight).fetchone().pid
        session.execute(end, {"pid": first})
        COUNT(flight).fetchone()
    with database.pipelined() as flight:
        assert WHO(flight).fetchone().pid != first

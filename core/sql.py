"""Statements run on the driver itself, for what every article and alert does.

SQLAlchemy composes such a statement once and renders it once; running it is then psycopg's work alone, which takes a
tenth of the time that loading entities through a session takes. It runs in the session's transaction, beside all else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, TypeVar, cast

import psycopg
from psycopg.rows import dict_row, namedtuple_row
from psycopg.types.json import Jsonb
from sqlalchemy import Executable, Table
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.models import Base

_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]
_DRIVER = "driver"
E = TypeVar("E", bound=Base)


class Query:
    """One statement: call it with a session and the values of its parameters. JSON is given and comes as plain values.

    Within `together` nothing is waited for until rows are fetched, so ask for everything first.
    """

    def __init__(self, statement: Executable) -> None:
        self._statement: Any = statement

    def __call__(self, session: Session, **values: Any) -> psycopg.Cursor[Any]:
        """A cursor of named tuples."""
        return self._run(session, namedtuple_row, values)

    def mappings(self, session: Session, **values: Any) -> psycopg.Cursor[dict[str, Any]]:
        """The same with rows as {column: value}."""
        return self._run(session, dict_row, values)

    def _run(self, session: Session, rows: Any, values: dict[str, Any]) -> psycopg.Cursor[Any]:
        text, fixed, json = self._rendered
        for name in json:
            values[name] = _as_json(values[name])
        return driver(session).cursor(row_factory=rows).execute(text, {**fixed, **values}, prepare=True)

    @cached_property
    def _rendered(self) -> tuple[bytes, dict[str, Any], list[str]]:
        """The text, the values that stand in the statement itself, the names of parameters that are JSON."""
        compiled = self._statement.compile(dialect=_DIALECT)
        fixed = {name: value for name, value in compiled.params.items() if not compiled.binds[name].required}
        return compiled.string.encode(), fixed, [name for name, bind in compiled.binds.items() if _is_json(bind.type)]


def driver(session: Session) -> psycopg.Connection[Any]:
    """The session's own connection, as psycopg knows it, inside the session's transaction."""
    if found := session.info.get(_DRIVER):
        return cast("psycopg.Connection[Any]", found)
    found = session.connection().connection.driver_connection
    assert isinstance(found, psycopg.Connection)
    return found


@contextmanager
def together(session: Session) -> Iterator[None]:
    """Send what is asked inside without waiting for each answer: one round trip instead of many.

    For queries of this module only; the session itself cannot be asked inside.
    """
    session.info[_DRIVER] = connection = driver(session)  # asked for once, not for each query
    try:
        with connection.pipeline():
            yield
    finally:
        session.info.pop(_DRIVER, None)


def entity(kind: type[E], row: dict[str, Any]) -> E:
    """A row as its model's record, which belongs to no session: changing it changes no table."""
    return kind(**row)


def table(kind: type[Base]) -> Table:
    """The model's table, for statements that speak of columns and not of entities."""
    found = kind.__table__
    assert isinstance(found, Table)
    return found


def told(error: psycopg.Error) -> Exception:
    """The driver's error in the words of SQLAlchemy, which callers know."""
    return DBAPIError.instance(None, None, error, psycopg.Error, hide_parameters=True, dialect=_DIALECT)


def _is_json(type_: Any) -> bool:
    return isinstance(type_, JSONB) or (isinstance(type_, ARRAY) and isinstance(type_.item_type, JSONB))


def _as_json(value: Any) -> Any:
    return None if value is None else Jsonb(value)

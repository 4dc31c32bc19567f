"""Statements run on the driver itself, for what every article and alert does.

SQLAlchemy composes such a statement once and renders it once; running it is then psycopg's work alone, which takes a
tenth of the time that loading entities through a session takes. It runs in a session's transaction, beside all else,
or in a flight, which holds a connection and nothing besides (core/database.py), and may have its statements travel
together (core/pipeline.py).
"""

import json
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import Any, TypeVar, cast

import orjson
import psycopg
from psycopg.pq.abc import PGresult
from psycopg.types.json import set_json_loads
from sqlalchemy import (
    Column,
    Executable,
    Integer,
    String,
    Table,
    TableValuedAlias,
    TextClause,
    bindparam,
    func,
    inspect,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from core.models import Base
from core.pipeline import Answer, Pipeline, Prepared, RowMaker

_DIALECT = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
_DRIVER = "driver"
set_json_loads(orjson.loads)  # a quarter of the time that the standard library takes
E = TypeVar("E", bound=Base)


class Flight:
    """A connection for queries alone, and in `info`, as a session has it, what is to follow the commit.

    `prepared` is what the connection has prepared for its pipelines; `pipeline` is that in which statements travel now.
    """

    def __init__(self, connection: psycopg.Connection[Any], prepared: Prepared) -> None:
        self.info: dict[Any, Any] = {_DRIVER: connection}
        self._prepared = prepared
        self.pipeline: Pipeline | None = None

    @contextmanager
    def together(self) -> Iterator[Pipeline]:
        """Statements travel together; where this is left by an error, what they began is rolled back."""
        assert self.pipeline is None
        self.pipeline = Pipeline(driver(self), self._prepared)
        try:
            yield self.pipeline
            self.pipeline.close()
        except BaseException:
            self.pipeline.abandon()
            raise
        finally:
            self.pipeline = None


Asker = Session | Flight
"""Whoever may ask a `Query`."""
Rows = psycopg.Cursor[Any] | Answer
"""What a `Query` answers: rows, by `fetchone`, `fetchall` or one after another."""


class Query:
    """One statement: call it with who asks and the values of its parameters. JSON is given and comes as plain values.

    `binary` has answers come in PostgreSQL's binary form, in which bytes are sent as they are. Unless `prepared`, it is
    planned for its values each time.
    In a pipelined flight nothing is waited for until rows are fetched, so ask for everything first.
    """

    def __init__(self, statement: Executable, *, binary: bool = False, prepared: bool = True) -> None:
        self._statement: Any = statement
        self._binary, self._prepared = binary, prepared
        self._row: Callable[[Sequence[Any]], Any] | None = None

    def __call__(self, session: Asker, **values: Any) -> Rows:
        """Named tuples."""
        return self._run(session, self._named, values)

    def mappings(self, session: Asker, **values: Any) -> Rows:
        """The same with rows as {column: value}."""
        return self._run(session, _mapping, values)

    def _run(self, session: Asker, rows: RowMaker, values: dict[str, Any]) -> Rows:
        statement, names, fixed, ways = self._rendered
        for name, write in ways:
            if values[name] is not None:
                values[name] = write(values[name])
        given = [fixed[name] if name in fixed else values[name] for name in names]
        if isinstance(session, Flight) and session.pipeline:
            return session.pipeline.ask(statement, given, rows, binary=self._binary, prepared=self._prepared)
        cursor = psycopg.RawCursor(driver(session), row_factory=lambda cursor: rows(cursor.pgresult))
        return cursor.execute(statement, given, prepare=self._prepared, binary=self._binary)

    def _named(self, result: PGresult) -> Callable[[Sequence[Any]], Any]:
        """Named tuples, whose type is the same for all answers."""
        if self._row is None:
            made: Any = namedtuple("Row", _names(result), rename=True)  # type: ignore[misc]
            self._row = made._make
        return self._row

    @cached_property
    def _rendered(self) -> tuple[bytes, list[str], dict[str, Any], list[tuple[str, Callable[[Any], str]]]]:
        """The text, the names of its values in their order, those that stand in the statement itself, and how those are
        written that we write."""
        compiled = self._statement.compile(dialect=_DIALECT)
        fixed = {name: value for name, value in compiled.params.items() if not compiled.binds[name].required}
        ways = ((name, _way_to_write(bind.type)) for name, bind in compiled.binds.items() if bind.required)
        ours = [(name, way) for name, way in ways if way is not None]
        return compiled.string.encode(), list(compiled.positiontup or ()), fixed, ours


def _mapping(result: PGresult) -> Callable[[Sequence[Any]], dict[str, Any]]:
    names = _names(result)
    return lambda values: dict(zip(names, values, strict=True))


def _names(result: PGresult) -> list[str]:
    return [(result.fname(number) or b"").decode() for number in range(result.nfields)]


@dataclass(frozen=True)
class Condition:
    """What must hold of rows: text with `:name` where a value stands, the same for all values, and these.

    Statements that are put together for each question are made of such: to put texts together costs nothing, and
    what they make is known again.
    """

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def clause(self) -> TextClause:
        """As SQLAlchemy takes it; the driver finds out of what type a value is."""
        return text(self.text).bindparams(*(bindparam(name, value, NullType()) for name, value in self.values.items()))


def all_of(conditions: Iterable[Condition]) -> str:
    """The text that each of them holds."""
    return " AND ".join(one.text for one in conditions) or "true"


def values_of(conditions: Iterable[Condition]) -> dict[str, Any]:
    """The values of all of them, whose names must differ."""
    return {name: value for one in conditions for name, value in one.values.items()}


@lru_cache(maxsize=1024)
def planned_anew(statement: str) -> Query:
    """The statement of such texts, planned for its values each time."""
    return Query(text(statement), binary=True, prepared=False)


def driver(session: Asker) -> psycopg.Connection[Any]:
    """The connection as psycopg knows it, inside the transaction of who asks."""
    if found := session.info.get(_DRIVER):
        return cast("psycopg.Connection[Any]", found)
    assert isinstance(session, Session)
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    return connection


def hurry(session: Asker) -> None:
    """Have what was asked carried out and answered while this process does other work, where it would wait to be sent
    until rows are fetched."""
    if isinstance(session, Flight) and session.pipeline:
        session.pipeline.hurry()


def order(session: Asker, command: str) -> None:
    """Have a command carried out that has no values and answers nothing."""
    if isinstance(session, Flight) and session.pipeline:
        session.pipeline.order(command.encode())
    else:
        driver(session).execute(command.encode())


class _Record:
    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__ = values


def record(kind: type[E], /, **values: Any) -> E:
    """A plain record with the attributes of the model, None where not given.

    No session knows it, so that it costs little, and changing it changes no table.
    """
    return cast("E", _Record(_blank(kind) | values))


@cache
def _blank(kind: type[Base]) -> dict[str, Any]:
    return dict.fromkeys(inspect(kind).attrs.keys())


def table(kind: type[Base]) -> Table:
    """The model's table, for statements that speak of columns and not of entities."""
    found = kind.__table__
    assert isinstance(found, Table)
    return found


def given(parameter: str, table: Table, *columns: str) -> TableValuedAlias:
    """Rows as one JSON value, a list of {column: value}, beside the columns of a table, whose types theirs are.

    So any number of rows is written by one statement; values that JSON has no word for (dates, ids) are given as text.
    """
    told = (Column(name, table.c[name].type) for name in columns)
    rows = func.jsonb_to_recordset(bindparam(parameter, type_=JSONB))
    return rows.table_valued(*told, name="given").render_derived(with_types=True)


def told(error: psycopg.Error) -> Exception:
    """The driver's error in the words of SQLAlchemy, which callers know."""
    return DBAPIError.instance(None, None, error, psycopg.Error, hide_parameters=True, dialect=_DIALECT)


def _way_to_write(type_: Any) -> Callable[[Any], str] | None:
    """How we write values of a type; None where the driver does, which takes three times as long over these."""
    if isinstance(type_, JSONB):
        return _json
    if isinstance(type_, ARRAY) and isinstance(type_.item_type, String):
        return _texts
    return _numbers if isinstance(type_, ARRAY) and isinstance(type_.item_type, Integer) else None


def _json(value: Any) -> str:
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # a whole number beyond 64 bits
        return json.dumps(value)


def _texts(values: Iterable[str | None]) -> str:
    """An array as PostgreSQL reads it: in quotes, each may hold anything."""
    return "{" + ",".join("NULL" if value is None else _quoted(value) for value in values) + "}"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _numbers(values: Iterable[int | None]) -> str:
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"

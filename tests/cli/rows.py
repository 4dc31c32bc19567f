"""Rows in every table, made from the tables themselves, so that a new table or column is filled without being named."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Table, insert, select
from sqlalchemy import types as t
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from core import secrets
from core.models import Base

SECRET = "whsec_this is what was sealed"
AWKWARD = "银行\tтаб\n第二行\\N \"quoted\" 'single' , ; 𠮷"
MOMENT = datetime(2026, 2, 28, 16, 30, 0, 123456, UTC)
# values that a check or an enumeration asks for; the rest is made from the column's type
GIVEN: dict[tuple[str, str], tuple[Any, Any]] = {
    ("event", "state"): ("live", "merged"),
    ("event", "verdict"): ("corrected", "rejected"),
    ("correction", "verdict"): ("corrected", "released"),
    ("article", "state"): ("failed", "open"),
    ("article", "forgotten_at"): (MOMENT, None),
    ("article", "text"): ("", f"text {AWKWARD}"),
    ("notice", "state"): ("done", "open"),
    ("delivery", "state"): ("done", "open"),
    ("delivery", "event_id"): (None, ...),
    ("notice", "event_id"): (None, ...),
    ("channel", "kind"): ("webhook", "email"),
    ("watchlist", "logic"): ("all", "any"),
    ("watchlist", "rhythm"): ("weekly", "immediate"),
}


def fill(connection: Connection) -> dict[str, int]:
    """Two rows in every table: one with every column, one with the fewest; returns the counts by table."""
    made: dict[str, list[dict[str, Any]]] = {}
    for table in Base.metadata.sorted_tables:
        made[table.name] = []
        for number in (0, 1):
            values = {c.name: _value(c, number, made) for c in table.columns if _wanted(c, number)}
            given = {k: v for k, v in values.items() if v is not ...}
            row = connection.execute(insert(table).values(given).returning(table)).one()
            made[table.name].append(dict(row._mapping))
    return {name: len(rows) for name, rows in made.items()}


def contents(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Everything that stands in the tables."""
    return {
        table.name: [dict(row._mapping) for row in connection.execute(_ordered(table))]
        for table in Base.metadata.sorted_tables
    }


def _ordered(table: Table) -> Any:
    return select(table).order_by(*table.primary_key.columns)


def _wanted(column: Column[Any], number: int) -> bool:
    if column.computed is not None or column.identity is not None:
        return False
    if column.server_default is not None and column.primary_key:
        return False
    if (column.table.name, column.name) in GIVEN:
        return True
    return number == 0 or not (column.nullable or column.server_default is not None)


def _value(column: Column[Any], number: int, made: dict[str, list[dict[str, Any]]]) -> Any:
    if given := GIVEN.get((column.table.name, column.name)):
        return given[number]
    for key in column.foreign_keys:
        rows = made[key.column.table.name]
        # the first row of a table cannot refer to itself before it is there
        return rows[min(number, len(rows) - 1)][key.column.name] if rows else None
    return _by_type(column, number)


def _by_type(column: Column[Any], number: int) -> Any:
    if (column.table.name, column.name) == ("channel", "secret"):
        return secrets.seal(SECRET)
    match column.type:
        case JSONB():
            return {"text": AWKWARD, "number": [1, 2.5, None, number]}
        case ARRAY(item_type=t.Integer()):
            return [number, -(2**31), 2**31 - 1]
        case ARRAY() as array:
            return [MOMENT, MOMENT] if isinstance(array.item_type, t.DateTime) else [AWKWARD, "", "NULL"]
        case t.Uuid():
            return UUID(int=number + 1)
        case t.LargeBinary():
            return bytes(range(256))
        case t.Boolean():
            return number == 0
        case t.DateTime():
            return MOMENT
        case t.Time():
            return time(8, 30)
        case t.Date():
            return date(2026, 2, 28)
        case t.Float():
            return 0.123456789012345
        case t.Numeric():
            return Decimal("1234567890123.45")
        case t.Integer():
            return number + 1
        case _:
            return f"{column.table.name} {column.name} {number} {AWKWARD}"

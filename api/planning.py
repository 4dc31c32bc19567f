"""How many rows PostgreSQL expects to read, by which it is decided how to look for them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ClauseElement, Executable, Select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session

from core.sql import Asker, Condition, all_of, planned_anew, values_of

ENTRIES = 10  # of an index take the time of a row


def expected(session: Session, asked: Select[Any]) -> int:
    """The most rows that PostgreSQL's planner expects at any step of a statement; costs as much as planning it.

    Entries of indexes that are laid over one another count for less, as the rows they lead to are not all read.
    """
    [plan] = session.execute(_Explained(asked)).scalar_one()
    return _most(plan["Plan"])


def expected_of(asker: Asker, asked: Sequence[Condition]) -> tuple[int, int]:
    """The same of the events of which these conditions hold, and how many such are expected."""
    statement = f"EXPLAIN (FORMAT JSON) SELECT event.id FROM event WHERE {all_of(asked)}"  # noqa: S608 - texts of ours
    [[[plan]]] = planned_anew(statement)(asker, **values_of(asked)).fetchall()
    return _most(plan["Plan"]), int(plan["Plan"]["Plan Rows"])


def _most(step: dict[str, Any], each: int = 1) -> int:
    below = ENTRIES if step["Node Type"] == "BitmapAnd" else each  # what is left of them is read
    return max(int(step["Plan Rows"]) // each, *(_most(one, below) for one in step.get("Plans", [])), 0)


class _Explained(Executable, ClauseElement):
    """How PostgreSQL would carry a statement out."""

    inherit_cache = False

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement


@compiles(_Explained)
def _explained(element: _Explained, compiler: Any, **options: Any) -> str:
    return f"EXPLAIN (FORMAT JSON) {compiler.process(element.statement, **options)}"

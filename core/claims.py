"""The statements of work, composed once for each kind of row (core/sql.py tells why).

Each takes the id of a `row` and, where the rows have it, the `content_hash` that was claimed.
"""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Interval, Select, Table, Text, bindparam, func, literal, or_, select, update

from core import sql
from core.models import WorkState


@cache
def taking(rows: Any) -> sql.Query:
    """Hold a free row for a time (`held`) and count the attempt; the row as it is then."""
    own = sql.table(rows)
    free = _free(own, own.c.id).with_for_update(skip_locked=True)
    taken = {"attempts": own.c.attempts + 1, "lease_until": func.now() + bindparam("held", type_=Interval)}
    return sql.Query(update(own).where(own.c.id == free.scalar_subquery()).values(taken).returning(own))


@cache
def locking(rows: Any) -> sql.Query:
    """Hold a free row for the transaction alone, and wait for other locks as ever from now on; the row as it is."""
    own = sql.table(rows)
    as_ever = func.set_config("lock_timeout", literal("0", Text), literal(True)).label("as_ever")
    return sql.Query(_free(own, own, as_ever).with_for_update(key_share=True, skip_locked=True))


@cache
def holding(rows: Any) -> sql.Query:
    """Hold the row that was claimed for the transaction; none where another worker was done with it."""
    own = sql.table(rows)
    return sql.Query(select(own.c.id).where(_still_open(own)).with_for_update(key_share=True))


@cache
def finishing(rows: Any) -> sql.Query:
    """Mark the row that was claimed as done, and count attempts that were not (`uncounted`); none where another worker
    was done with it."""
    own = sql.table(rows)
    done: dict[str, Any] = {"state": literal("done"), "lease_until": None, "reason": None}
    done["attempts"] = own.c.attempts + bindparam("uncounted")
    done |= {"done_at": func.clock_timestamp()} if "done_at" in own.c else {}  # too early by what the work takes
    return sql.Query(update(own).where(_still_open(own)).values(done).returning(own.c.id))


@cache
def giving_up(rows: Any) -> sql.Query:
    """Set the row to failed, `cap` attempts being spent and `why` its reason."""
    own = sql.table(rows)
    failed = {"state": literal("failed"), "lease_until": None, "attempts": bindparam("cap"), "reason": bindparam("why")}
    return sql.Query(update(own).where(own.c.id == bindparam("row")).values(failed))


def forgotten(rows: Any) -> Select[Any]:
    """The ids of rows that are due and nobody's, and for which no message was sent within the time `unheeded`."""
    own = sql.table(rows)
    silent = or_(own.c.sent_at.is_(None), own.c.sent_at < func.now() - bindparam("unheeded", type_=Interval))
    return select(own.c.id).where(*_waits(own), silent)


@cache
def any_forgotten(rows: Any) -> sql.Query:
    """Whether there is any such row."""
    return sql.Query(select(forgotten(rows).exists()))


def _free(own: Table, *columns: Any) -> Select[Any]:
    """The row, where it is open, due and nobody's."""
    return select(*columns).where(own.c.id == bindparam("row"), *_waits(own))


def _waits(own: Table) -> tuple[ColumnElement[bool], ...]:
    """Open, due and nobody's."""
    free = or_(own.c.lease_until.is_(None), own.c.lease_until < func.now())
    return own.c.state == WorkState.OPEN, own.c.due_at <= func.now(), free


def _still_open(own: Table) -> ColumnElement[bool]:
    """The row that was claimed, unless another worker was done with it meanwhile."""
    still_open = (own.c.id == bindparam("row")) & (own.c.state == WorkState.OPEN)
    if "content_hash" in own.c:  # an article whose text was replaced since it was claimed is not what was read
        still_open &= own.c.content_hash == bindparam("content_hash")
    return still_open

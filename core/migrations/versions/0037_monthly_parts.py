"""mentions and attempts in monthly parts (core/partitions.py), with all rows that are there"""

from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_KEYS = {"mention": "article_id", "attempt": "delivery_id"}
_AHEAD = 3  # months


def upgrade() -> None:
    for table, key in _KEYS.items():
        op.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
        op.execute(f"CREATE TABLE {table} (LIKE {table}_before INCLUDING DEFAULTS) PARTITION BY RANGE ({key})")
        op.execute(f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT")
        for year, month in _months(table, key):
            first, after = _first(year, month), _first(*_after(year, month))
            part = f"{table}_{year:04}_{month:02}"
            op.execute(f"CREATE TABLE {part} PARTITION OF {table} FOR VALUES FROM ('{first}') TO ('{after}')")
        _move(table)
    op.create_primary_key("pk_mention", "mention", ["article_id", "id"])
    op.create_primary_key("pk_attempt", "attempt", ["delivery_id", "number"])
    _constrain()


def downgrade() -> None:
    for table in _KEYS:
        op.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
        op.execute(f"CREATE TABLE {table} (LIKE {table}_before INCLUDING DEFAULTS)")
        _move(table)
    op.create_primary_key("pk_mention", "mention", ["id"])
    op.create_primary_key("pk_attempt", "attempt", ["delivery_id", "number"])
    _constrain()


def _move(table: str) -> None:
    op.execute(f"INSERT INTO {table} SELECT * FROM {table}_before")  # noqa: S608 - names of ours
    op.execute(f"DROP TABLE {table}_before")


def _constrain() -> None:
    """Foreign keys and indexes as they were; they are made once the rows are there, which is faster."""
    for table, column, other in (
        ("mention", "article_id", "article"),
        ("mention", "bank_id", "bank"),
        ("mention", "firm_id", "firm"),
        ("attempt", "delivery_id", "delivery"),
    ):
        goes_with = "CASCADE" if other in ("article", "delivery") else None
        op.create_foreign_key(f"fk_{table}_{column}", table, other, [column], ["id"], ondelete=goes_with)
    op.create_index("ix_mention_bank_id", "mention", ["bank_id"])
    op.create_index("ix_mention_firm_id", "mention", ["firm_id"])
    for name, columns, where in (
        ("uq_mention_name", ["article_id", "kind", "name"], "kind <> 'word'"),
        ("uq_mention_word", ["article_id", "name", "where", "start"], "kind = 'word'"),
    ):
        op.create_index(name, "mention", columns, unique=True, postgresql_where=sa.text(where))
    only_watched = sa.text("bank_id IS NULL AND firm_id IS NULL")
    op.create_index("ix_mention_watched", "mention", ["name", "article_id"], postgresql_where=only_watched)


def _months(table: str, key: str) -> list[tuple[int, int]]:
    """Those that have rows, and those from now on; ids that tell no sensible time are in the default part."""
    today = datetime.now(UTC)
    months = [(today.year, today.month)]
    for _ in range(_AHEAD):
        months.append(_after(*months[-1]))
    month = f"date_trunc('month', uuid_extract_timestamp({key}) AT TIME ZONE 'UTC')"
    told = sa.text(f"SELECT DISTINCT {month} FROM {table}_before WHERE uuid_extract_version({key}) = 7")  # noqa: S608
    there = {(moment.year, moment.month) for moment in op.get_bind().scalars(told) if moment.year >= 2020}
    return sorted({*months, *(month for month in there if month <= (today.year + 1, today.month))})


def _after(year: int, month: int) -> tuple[int, int]:
    return year + month // 12, month % 12 + 1


def _first(year: int, month: int) -> UUID:
    return UUID(int=int(datetime(year, month, 1, tzinfo=UTC).timestamp() * 1000) << 80)

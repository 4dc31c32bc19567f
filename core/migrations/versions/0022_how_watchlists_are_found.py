"""how watchlists are found: their keys; what they are told of, one by one"""

from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core import watching

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_LISTS = """
    SELECT *, (
        SELECT coalesce(jsonb_agg(to_jsonb(watch_item)), '[]') FROM watch_item WHERE watchlist_id = watchlist.id
    ) AS items
    FROM watchlist
"""
_KEYS = sa.table(
    "watch_key", *(sa.column(name) for name in ("watchlist_id", "hash", "asks", "tech", "shape", "level", "least"))
)


def upgrade() -> None:
    op.add_column("watchlist", sa.Column("named", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.execute(
        "UPDATE watchlist SET triggers = '{created,updated,retracted}' || array_remove(triggers, 'event') "
        "WHERE 'event' = ANY(triggers)"
    )
    op.execute(
        "UPDATE watchlist SET named = ARRAY(SELECT DISTINCT kind FROM watch_item "
        "WHERE watchlist_id = watchlist.id AND NOT excludes ORDER BY kind)"
    )
    for word in ("mention", "source"):
        asks = sa.text(f"enabled AND triggers @> '{{{word}}}'::text[]")
        op.create_index(f"ix_watchlist_{word}", "watchlist", ["id"], postgresql_where=asks)
    op.create_table(
        "watch_key",
        sa.Column("watchlist_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("asks", sa.SmallInteger(), nullable=False),
        sa.Column("tech", sa.Boolean(), nullable=False),
        sa.Column("shape", sa.SmallInteger(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("least", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["watchlist_id"], ["watchlist.id"], name=op.f("fk_watch_key_watchlist_id_watchlist"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("watchlist_id", "hash", "asks", "tech", name=op.f("pk_watch_key")),
    )
    _post()
    op.create_index(
        "ix_watch_key",
        "watch_key",
        ["hash", "asks", "tech", "level", "least"],
        postgresql_include=["watchlist_id"],
    )
    op.create_index("ix_watch_key_shape", "watch_key", ["shape"])


def _post() -> None:
    """The keys of all lists, by the code that makes them: should that change, its own migration makes them anew."""
    connection = op.get_bind()
    for found in connection.execute(sa.text(_LISTS)).mappings().all():
        made = [_row(found["id"], key) for key in watching.keys(_watchlist(found))]
        if made:
            connection.execute(_KEYS.insert(), made)


def _watchlist(found: Any) -> SimpleNamespace:
    return SimpleNamespace(**{**found, "items": [SimpleNamespace(**item) for item in found["items"]]})


def _row(watchlist_id: Any, key: watching.Key) -> dict[str, Any]:
    return {"watchlist_id": watchlist_id} | {name: getattr(key, name) for name in key.__slots__}


def downgrade() -> None:
    op.drop_table("watch_key")
    for word in ("mention", "source"):
        op.drop_index(f"ix_watchlist_{word}", "watchlist")
    op.execute(
        "UPDATE watchlist SET triggers = '{event}' || ARRAY(SELECT unnest(triggers) "
        "INTERSECT SELECT unnest('{mention,source}'::text[])) WHERE triggers && '{created,updated,retracted,evidence}'"
    )
    op.drop_column("watchlist", "named")

"""what watchlists ask: their logic, exclusions, branches, hours, digests and mute; the regions of events"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("logic", sa.Text(), server_default="any", nullable=False),
        sa.Column("changed", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("zone", sa.Text(), server_default="Asia/Shanghai", nullable=False),
        sa.Column("hours", postgresql.JSONB(), nullable=True),
        sa.Column("rhythm", sa.Text(), server_default="immediate", nullable=False),
        sa.Column("rhythm_time", sa.Time(), nullable=True),
        sa.Column("rhythm_day", sa.Integer(), nullable=True),
        sa.Column("muted_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mention_cap", sa.Integer(), server_default="50", nullable=False),
    ]


_OLD_KEY, _KEY = ["watchlist_id", "kind", "key"], ["watchlist_id", "kind", "key", "branch", "excludes"]


def upgrade() -> None:
    for column in _columns():
        op.add_column("watchlist", column)
    op.add_column("event", sa.Column("regions", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.create_check_constraint(op.f("ck_watchlist_logic"), "watchlist", "logic IN ('any', 'all')")
    op.create_check_constraint(
        op.f("ck_watchlist_rhythm"), "watchlist", "rhythm IN ('immediate', 'hourly', 'daily', 'weekly')"
    )
    op.add_column("watch_item", sa.Column("branch", sa.Text(), nullable=True))
    op.add_column("watch_item", sa.Column("excludes", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.drop_constraint(op.f("uq_watch_item_watchlist_id_kind_key"), "watch_item", type_="unique")
    op.create_unique_constraint(
        op.f("uq_watch_item_watchlist_id_kind_key_branch_excludes"),
        "watch_item",
        _KEY,
        postgresql_nulls_not_distinct=True,
    )


def downgrade() -> None:
    op.drop_column("event", "regions")
    op.execute("DELETE FROM watch_item WHERE excludes OR branch IS NOT NULL")
    op.drop_constraint(op.f("uq_watch_item_watchlist_id_kind_key_branch_excludes"), "watch_item", type_="unique")
    op.create_unique_constraint(op.f("uq_watch_item_watchlist_id_kind_key"), "watch_item", _OLD_KEY)
    op.drop_column("watch_item", "excludes")
    op.drop_column("watch_item", "branch")
    for column in reversed(_columns()):
        op.drop_column("watchlist", column.name)

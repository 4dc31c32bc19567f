"""events that were first told before their last day, by when they were told; branches with their places"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_LOOKS_AHEAD = "upper(days) > (first_seen AT TIME ZONE 'UTC')::date + 2"
_BRANCH = "ix_event_branch"
_PREFIXES = {"branch": "text_pattern_ops"}


def upgrade() -> None:
    columns: list[Any] = ["first_seen", "id", sa.text("upper(days)")]
    op.create_index("ix_event_looks_ahead", "event", columns, postgresql_where=sa.text(_LOOKS_AHEAD))
    op.drop_index(_BRANCH, table_name="event")
    places: list[Any] = ["branch", sa.text("(regions[1])"), sa.text("(regions[2])")]
    op.create_index(_BRANCH, "event", places, postgresql_ops=_PREFIXES)


def downgrade() -> None:
    op.drop_index(_BRANCH, table_name="event")
    op.create_index(_BRANCH, "event", ["branch"], postgresql_ops=_PREFIXES)
    op.drop_index("ix_event_looks_ahead", table_name="event")

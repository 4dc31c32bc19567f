"""events that were first told long after they happened, by when they were told"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_LOOKS_BACK = "lower(days) < (first_seen AT TIME ZONE 'UTC')::date - 90"


def upgrade() -> None:
    columns: list[Any] = ["first_seen", "id", sa.text("lower(days)")]
    op.create_index("ix_event_looks_back", "event", columns, postgresql_where=sa.text(_LOOKS_BACK))


def downgrade() -> None:
    op.drop_index("ix_event_looks_back", table_name="event")

"""versions of events by time, for backtests"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_event_version_at", "event_version", ["at"])


def downgrade() -> None:
    op.drop_index("ix_event_version_at", table_name="event_version")

"""which events tell one sum that several banks share"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("facility_id", sa.Uuid()))
    op.create_index(
        "ix_event_shared", "event", ["firm_id", "firm_description"], postgresql_where=sa.text("shared_amount")
    )
    op.create_index(
        "ix_event_ungrouped", "event", ["id"], postgresql_where=sa.text("shared_amount AND facility_id IS NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_event_ungrouped", table_name="event")
    op.drop_index("ix_event_shared", table_name="event")
    op.drop_column("event", "facility_id")

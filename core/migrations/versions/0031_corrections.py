"""corrections of events by the operator's hand"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("verdict", sa.Text(), nullable=True))
    op.add_column("event", sa.Column("held", postgresql.JSONB(), nullable=True))
    op.create_check_constraint(op.f("ck_event_verdict"), "event", "verdict IN ('corrected', 'confirmed', 'rejected')")
    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("subscriber_id", sa.Uuid(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=True),
        sa.Column("previous", postgresql.JSONB(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('corrected', 'confirmed', 'rejected', 'released')", name=op.f("ck_correction_verdict")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_correction_event_id")),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscriber.id"], name=op.f("fk_correction_subscriber_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index("ix_correction_event", "correction", ["event_id", "id"])


def downgrade() -> None:
    op.drop_table("correction")
    op.drop_constraint(op.f("ck_event_verdict"), "event")
    op.drop_column("event", "held")
    op.drop_column("event", "verdict")

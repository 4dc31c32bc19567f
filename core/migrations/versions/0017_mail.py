"""mail: confirmed addresses, what is known of each, and channels that reach their owner"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_MOMENTS = ARRAY(sa.DateTime(timezone=True))


def upgrade() -> None:
    op.create_table(
        "mailbox",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("asked", _MOMENTS, server_default="{}", nullable=False),
        sa.Column("recent", _MOMENTS, server_default="{}", nullable=False),
        sa.Column("bounces", sa.Integer(), server_default="0", nullable=False),
        sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bounced_id", sa.Text(), nullable=True),
        sa.Column("suppressed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_mailbox")),
    )
    op.create_index(
        "ix_mailbox_suppressed_at",
        "mailbox",
        ["suppressed_at"],
        postgresql_where=sa.text("suppressed_at IS NOT NULL"),
    )
    op.add_column("subscriber", sa.Column("asked", _MOMENTS, server_default="{}", nullable=False))
    op.add_column(
        "channel",
        sa.Column("confirmed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=True),
    )
    op.execute("UPDATE channel SET confirmed_at = created_at")  # what is written to already goes on
    op.add_column("channel", sa.Column("to_owner", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_index(
        "ix_channel_address",
        "channel",
        [sa.text("lower(config ->> 'to')")],
        postgresql_where=sa.text("kind = 'email'"),
    )


def downgrade() -> None:
    op.drop_index("ix_channel_address", table_name="channel")
    op.drop_column("channel", "to_owner")
    op.drop_column("channel", "confirmed_at")
    op.drop_column("subscriber", "asked")
    op.drop_table("mailbox")

"""circuits of channels, probes, and the secret that is going out of force"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("channel", sa.Column("failures", sa.Integer(), server_default="0", nullable=False))
    op.add_column("channel", sa.Column("failing_since", _moment, nullable=True))
    op.add_column("channel", sa.Column("probe_at", _moment, nullable=True))
    op.add_column("channel", sa.Column("old_secret", sa.LargeBinary(), nullable=True))
    op.add_column("channel", sa.Column("old_secret_until", _moment, nullable=True))
    op.add_column("attempt", sa.Column("probe", sa.Boolean(), server_default=sa.text("false"), nullable=False))


def downgrade() -> None:
    op.drop_column("attempt", "probe")
    for name in ("old_secret_until", "old_secret", "probe_at", "failing_since", "failures"):
        op.drop_column("channel", name)

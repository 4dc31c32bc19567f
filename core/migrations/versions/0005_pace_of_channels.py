"""pace of channels: when each was sent its last messages"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moments = postgresql.ARRAY(sa.DateTime(timezone=True))
    op.add_column("channel", sa.Column("recent", moments, server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("channel", "recent")

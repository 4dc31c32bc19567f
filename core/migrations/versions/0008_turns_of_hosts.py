"""turns of hosts: the server of sources and links as a column, what a link's source gave of its page"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_HOST = "lower(substring(url, '^[^:]+://([^/?#]+)'::text))"


def upgrade() -> None:
    for table in ("source", "link"):
        op.add_column(table, sa.Column("host", sa.Text(), sa.Computed(_HOST, persisted=True), nullable=True))
    op.add_column("link", sa.Column("text", sa.Text(), nullable=True))
    op.add_column("link", sa.Column("updated", sa.DateTime(timezone=True), nullable=True))
    op.add_column("link", sa.Column("depth", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_link_turn", "link", ["host", "quiet", "due_at"], postgresql_where=sa.text("state = 'open'"))


def downgrade() -> None:
    op.drop_index("ix_link_turn", table_name="link")
    for name in ("depth", "updated", "text", "host"):
        op.drop_column("link", name)
    op.drop_column("source", "host")

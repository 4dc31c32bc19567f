"""suppressions: mailboxes have ids, by which they are paged"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mailbox", sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False))


def downgrade() -> None:
    op.drop_column("mailbox", "id")

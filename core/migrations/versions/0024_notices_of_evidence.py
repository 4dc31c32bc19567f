"""notices of further evidence: one for each event and article that tells it as it is known"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "uq_notice_evidence",
        "notice",
        ["event_id", "article_id"],
        unique=True,
        postgresql_where=sa.text("event_id IS NOT NULL AND version IS NULL"),
    )


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE kind = 'event.evidence'")
    op.drop_index("uq_notice_evidence", table_name="notice")

"""previews: what an address would give, asked by the API and answered by ingest"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "preview",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("selector", sa.Text(), nullable=True),
        sa.Column("asked_at", _moment, server_default=sa.text("now()"), nullable=False),
        sa.Column("taken_at", _moment, nullable=True),
        sa.Column("answer", postgresql.JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preview")),
    )


def downgrade() -> None:
    op.drop_table("preview")

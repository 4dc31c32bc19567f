"""which versions of events are news, in the order of the live stream"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SEQUENCE news_number")
    op.create_table(
        "news",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("number", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["event_id", "version"],
            ["event_version.event_id", "event_version.version"],
            name="fk_news_event_id_version",
        ),
        sa.PrimaryKeyConstraint("event_id", "version", name="pk_news"),
        sa.UniqueConstraint("number", name="uq_news_number"),
    )
    op.execute("ALTER SEQUENCE news_number OWNED BY news.number")  # it goes with the table, and restoring finds it
    op.create_index("ix_news_unnumbered", "news", ["made_at"], postgresql_where=sa.text("number IS NULL"))


def downgrade() -> None:
    op.drop_table("news")

"""figures of regions and classes of firms: their series, and the articles' tellings"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    now = sa.text("now()")
    op.create_table(
        "indicator_series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), server_default="", nullable=False),
        sa.Column("bank_id", sa.Uuid(), nullable=True),
        sa.Column("branch", sa.Text(), nullable=True),
        sa.Column("region", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_indicator_series_bank_id_bank")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_series")),
    )
    op.create_index("ix_indicator_series_created", "indicator_series", ["created_at", "id"])
    op.create_index("ix_indicator_series_bank", "indicator_series", ["bank_id"])
    op.create_index("ix_indicator_series_region", "indicator_series", ["region"], postgresql_using="gin")
    number = sa.Numeric(24, 4)
    op.create_table(
        "indicator",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("subject_text", sa.Text(), nullable=False),
        sa.Column("value", number, nullable=True),
        sa.Column("qualifier", sa.Text(), nullable=True),
        sa.Column("date", sa.Text(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("growth", number, nullable=True),
        sa.Column("growth_base", sa.Text(), nullable=True),
        sa.Column("growth_qualifier", sa.Text(), nullable=True),
        sa.Column("increment", number, nullable=True),
        sa.Column("increment_base", sa.Text(), nullable=True),
        sa.Column("increment_qualifier", sa.Text(), nullable=True),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_indicator_confidence")),
        sa.ForeignKeyConstraint(
            ["series_id"], ["indicator_series.id"], name=op.f("fk_indicator_series_id_indicator_series")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_indicator_article_id_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("article_id", "position", name=op.f("uq_indicator_article_id_position")),
    )
    op.create_index("ix_indicator_series_date", "indicator", ["series_id", "as_of", "id"])


def downgrade() -> None:
    op.drop_table("indicator")
    op.drop_table("indicator_series")

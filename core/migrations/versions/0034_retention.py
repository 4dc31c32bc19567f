"""what is over its time goes: how far each kind of row is, and articles whose text went"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

LENGTH = "length(text) BETWEEN 1 AND 5000000"
OR_FORGOTTEN = f"CASE WHEN forgotten_at IS NULL THEN {LENGTH} ELSE text = '' END"


def upgrade() -> None:
    op.create_table(
        "retention",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("gone", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_retention")),
    )
    op.add_column("article", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_article_text", "article", ["fetched_at"], postgresql_where=sa.text("forgotten_at IS NULL AND NOT canary")
    )
    _check_texts(OR_FORGOTTEN)


def downgrade() -> None:
    op.execute("UPDATE article SET text = '…' WHERE forgotten_at IS NOT NULL")
    _check_texts(LENGTH)
    op.drop_index("ix_article_text", "article")
    op.drop_column("article", "forgotten_at")
    op.drop_table("retention")


def _check_texts(condition: str) -> None:
    op.drop_constraint(op.f("ck_article_text_length"), "article")
    op.create_check_constraint(op.f("ck_article_text_length"), "article", condition)

"""files that were read, and history that is read after news"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("article", sa.Column("later", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    _turns("later", "due_at")
    op.create_table(
        "file_read",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("task", sa.Text(), server_default="", nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("line", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_file_read_source_id_source"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_read")),
        sa.UniqueConstraint(
            "source_id",
            "task",
            "path",
            name=op.f("uq_file_read_source_id_task_path"),
            postgresql_nulls_not_distinct=True,
        ),
    )


def downgrade() -> None:
    op.drop_table("file_read")
    _turns("due_at")
    op.drop_column("article", "later")


def _turns(*columns: str) -> None:
    """The index of open articles, in the order in which they are read."""
    op.drop_index("ix_article_open", table_name="article")
    op.create_index("ix_article_open", "article", list(columns), postgresql_where=sa.text("state = 'open'"))

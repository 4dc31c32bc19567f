"""health of sources: since when a source's answers hold nothing; notices and deliveries of how a source is"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source", sa.Column("hollow_since", sa.DateTime(timezone=True), nullable=True))
    op.alter_column("notice", "article_id", existing_type=sa.Uuid(), nullable=True)
    op.add_column("notice", sa.Column("source_id", sa.Uuid(), nullable=True))
    op.add_column("notice", sa.Column("facts", postgresql.JSONB(), nullable=True))
    op.create_foreign_key(
        op.f("fk_notice_source_id_source"), "notice", "source", ["source_id"], ["id"], ondelete="CASCADE"
    )
    op.create_index("ix_notice_source", "notice", ["source_id"], postgresql_where=sa.text("source_id IS NOT NULL"))
    op.alter_column("delivery", "article_id", existing_type=sa.Uuid(), nullable=True)
    op.add_column("delivery", sa.Column("notice_id", sa.Uuid(), nullable=True))
    op.add_column("delivery", sa.Column("source_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_delivery_source_id_source"), "delivery", "source", ["source_id"], ["id"], ondelete="SET NULL"
    )
    op.create_index(
        "uq_delivery_notice",
        "delivery",
        ["channel_id", "notice_id"],
        unique=True,
        postgresql_where=sa.text("notice_id IS NOT NULL"),
    )
    op.create_index("ix_delivery_source", "delivery", ["source_id"], postgresql_where=sa.text("source_id IS NOT NULL"))


def downgrade() -> None:
    op.execute("DELETE FROM delivery WHERE article_id IS NULL")
    op.execute("DELETE FROM notice WHERE article_id IS NULL")
    for table in ("delivery", "notice"):
        op.drop_constraint(op.f(f"fk_{table}_source_id_source"), table, type_="foreignkey")
        op.alter_column(table, "article_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_index("ix_delivery_source", table_name="delivery")
    op.drop_index("uq_delivery_notice", table_name="delivery")
    op.drop_index("ix_notice_source", table_name="notice")
    for table, column in (
        ("delivery", "source_id"),
        ("delivery", "notice_id"),
        ("notice", "facts"),
        ("notice", "source_id"),
        ("source", "hollow_since"),
    ):
        op.drop_column(table, column)

"""edits of the registers by the operator's hand"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

WORDS = postgresql.ARRAY(sa.Text())


def upgrade() -> None:
    for table in ("bank", "firm"):
        op.add_column(table, sa.Column("edited", WORDS, server_default="{}", nullable=False))
        op.add_column(table, sa.Column("refused", WORDS, server_default="{}", nullable=False))
    op.add_column("bank", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.create_foreign_key("fk_bank_merged_into_bank", "bank", "bank", ["merged_into"], ["id"])
    op.drop_constraint("uq_bank_name", "bank", type_="unique")
    op.create_index("uq_bank_name", "bank", ["name"], unique=True, postgresql_where=sa.text("merged_into IS NULL"))
    op.create_index("ix_firm_made", "firm", ["created_at", "id"])
    merged = sa.text("merged_into IS NOT NULL")
    op.create_index("ix_firm_merged", "firm", ["merged_into"], postgresql_where=merged)
    op.create_table(
        "register_edit",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("after", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_register_edit"),
        sa.ForeignKeyConstraint(["by"], ["subscriber.id"], name="fk_register_edit_by_subscriber", ondelete="SET NULL"),
    )
    op.create_index("ix_register_edit_row", "register_edit", ["row_id", "at", "id"])


def downgrade() -> None:
    op.drop_table("register_edit")
    op.drop_index("ix_firm_merged", table_name="firm")
    op.drop_index("ix_firm_made", table_name="firm")
    op.drop_index("uq_bank_name", table_name="bank")
    op.drop_column("bank", "merged_into")
    op.create_unique_constraint("uq_bank_name", "bank", ["name"])
    for table in ("firm", "bank"):
        op.drop_column(table, "refused")
        op.drop_column(table, "edited")

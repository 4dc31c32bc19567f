"""referrals: which firm recommended which to a bank"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("from_firm_id", sa.Uuid(), nullable=False),
        sa.Column("to_firm_id", sa.Uuid(), nullable=False),
        sa.Column("bank_id", sa.Uuid(), nullable=False),
        sa.Column("branch", sa.Text(), nullable=True),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_referral_confidence")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_referral_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_referral_bank_id")),
        sa.ForeignKeyConstraint(["from_firm_id"], ["firm.id"], name=op.f("fk_referral_from_firm_id")),
        sa.ForeignKeyConstraint(["to_firm_id"], ["firm.id"], name=op.f("fk_referral_to_firm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("article_id", "position", name=op.f("uq_referral_article_id_position")),
    )
    for column in ("from_firm_id", "to_firm_id", "bank_id"):
        op.create_index(op.f(f"ix_referral_{column}"), "referral", [column])


def downgrade() -> None:
    op.drop_table("referral")

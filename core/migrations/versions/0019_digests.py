"""digests: what waits for one, what one told, and how many mentions a list was told of a day"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digest",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        _cascade("digest", "channel"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("channel_id", "ends_at", name=op.f("uq_digest_channel_id_ends_at")),
    )
    op.create_index("ix_digest_open", "digest", ["due_at"], postgresql_where=sa.text("state = 'open'"))
    op.create_table(
        "digest_item",
        sa.Column("digest_id", sa.Uuid(), nullable=False),
        sa.Column("watchlist_id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        _cascade("digest_item", "digest"),
        _cascade("digest_item", "watchlist"),
        _cascade("digest_item", "notice"),
        sa.PrimaryKeyConstraint("digest_id", "watchlist_id", "notice_id", name=op.f("pk_digest_item")),
    )
    op.create_index("ix_digest_item_watchlist_id", "digest_item", ["watchlist_id"])
    op.create_index("ix_digest_item_notice_id", "digest_item", ["notice_id"])
    op.create_table(
        "digest_entry",
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("article_id", sa.Uuid(), nullable=True),
        sa.Column("watchlists", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        _cascade("digest_entry", "delivery"),
        _cascade("digest_entry", "channel"),
        _cascade("digest_entry", "event"),
        _cascade("digest_entry", "article"),
        sa.PrimaryKeyConstraint("delivery_id", "number", name=op.f("pk_digest_entry")),
    )
    op.create_index("ix_digest_entry_channel_id", "digest_entry", ["channel_id"])
    for column in ("event_id", "article_id"):
        where = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_digest_entry_{column}", "digest_entry", [column], postgresql_where=where)
    op.create_table(
        "mention_tally",
        sa.Column("watchlist_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        _cascade("mention_tally", "watchlist"),
        sa.PrimaryKeyConstraint("watchlist_id", name=op.f("pk_mention_tally")),
    )


def _cascade(table: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{other}_id")
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    for table in ("mention_tally", "digest_entry", "digest_item", "digest"):
        op.drop_table(table)

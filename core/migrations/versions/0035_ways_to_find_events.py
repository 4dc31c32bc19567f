"""a page of the history costs the same whatever is asked; quotes are found by any piece; what proves each field"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_AMOUNTS = (
    "NULLIF(numrange(LEAST(amount_min, amount_max), GREATEST(amount_min, amount_max), '[]'::text), '(,)'::numrange)"
)
_DAYS = "NULLIF(daterange(LEAST(date_from, date_to), GREATEST(date_from, date_to), '[]'::text), '(,)'::daterange)"
_NEWEST: dict[str, Any] = {
    "bank": "bank_id",
    "firm": "firm_id",
    "instrument": "instrument",
    "sector": "sector",
    "status": "status",
    "tech": "tech",
    "currency": "currency",
    "province": sa.text("(regions[1])"),
    "city": sa.text("(regions[2])"),
}
_PENDING = {"gin_pending_list_limit": 1024}


def upgrade() -> None:
    amounts = sa.Column("amounts", postgresql.NUMRANGE(), sa.Computed(_AMOUNTS, persisted=True), nullable=True)
    days = sa.Column("days", postgresql.DATERANGE(), sa.Computed(_DAYS, persisted=True), nullable=True)
    op.add_column("event", amounts)
    op.add_column("event", days)
    op.drop_index("ix_event_firm", table_name="event")
    for name, column in _NEWEST.items():
        op.create_index(f"ix_event_{name}", "event", [column, "first_seen", "id"])
    op.create_index("ix_event_branch", "event", ["branch"], postgresql_ops={"branch": "text_pattern_ops"})
    op.create_index("ix_event_amounts", "event", ["amounts"], postgresql_using="gist")
    op.create_index("ix_event_days", "event", ["days"], postgresql_using="gist")
    op.create_index("ix_event_sum", "event", [sa.text("COALESCE(amount_max, amount_min)"), "id"])
    op.create_index("ix_event_day", "event", ["date_from", "id"])
    op.create_index("ix_event_confidence", "event", ["confidence", "id"])
    op.create_index(
        "ix_article_outlet", "article", ["source_name"], postgresql_where=sa.text("source_name IS NOT NULL")
    )
    op.create_index("ix_article_failed", "article", ["fetched_at", "id"], postgresql_where=sa.text("state = 'failed'"))
    op.add_column("evidence", sa.Column("spans", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    _quotes()


def _quotes() -> None:
    evidence = sa.ForeignKeyConstraint(
        ["evidence_id"], ["evidence.id"], name=op.f("fk_quote_index_evidence_id_evidence"), ondelete="CASCADE"
    )
    op.create_table(
        "quote_index",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=True),
        sa.Column("grams", postgresql.ARRAY(sa.Integer()), nullable=True),
        evidence,
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_quote_index")),
    )
    # what was told before is worked out by and by, once the services run
    op.execute("INSERT INTO quote_index (evidence_id) SELECT id FROM evidence")
    op.create_index("ix_quote_index_grams", "quote_index", ["grams"], postgresql_using="gin", postgresql_with=_PENDING)
    op.create_index("ix_quote_index_open", "quote_index", ["evidence_id"], postgresql_where=sa.text("grams IS NULL"))


def downgrade() -> None:
    op.drop_table("quote_index")
    op.drop_column("evidence", "spans")
    op.drop_index("ix_article_failed", table_name="article")
    op.drop_index("ix_article_outlet", table_name="article")
    for name in ("confidence", "day", "sum", "days", "amounts", "branch", *reversed(_NEWEST)):
        op.drop_index(f"ix_event_{name}", table_name="event")
    op.create_index("ix_event_firm", "event", ["firm_id"])
    op.drop_column("event", "days")
    op.drop_column("event", "amounts")

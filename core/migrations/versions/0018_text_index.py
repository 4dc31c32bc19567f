"""any piece of an article's text is found; how far past articles were looked through for what is watched"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_index",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("grams", postgresql.ARRAY(sa.Integer()), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_index_article_id_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_index")),
    )
    # what was read before is worked out by and by, once the services run
    op.execute("INSERT INTO article_index (article_id) SELECT article_id FROM extraction")
    op.create_index(
        "ix_article_index_grams",
        "article_index",
        ["grams"],
        postgresql_using="gin",
        postgresql_with={"gin_pending_list_limit": 1024},
    )
    op.create_index("ix_article_index_open", "article_index", ["article_id"], postgresql_where=sa.text("grams IS NULL"))
    op.add_column("watch_item", sa.Column("past_before", sa.Uuid(), nullable=True))
    op.add_column("watch_item", sa.Column("past_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_watch_item_past",
        "watch_item",
        ["id"],
        postgresql_where=sa.text("past_at IS NULL AND kind IN ('bank', 'firm', 'word')"),
    )


def downgrade() -> None:
    op.drop_index("ix_watch_item_past", table_name="watch_item")
    op.drop_column("watch_item", "past_at")
    op.drop_column("watch_item", "past_before")
    op.drop_table("article_index")

"""reprints, revisions and sketches of articles; keys of addresses without scheme and mobile host"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_moment = sa.DateTime(timezone=True)
# Of several articles whose addresses are one page, the oldest gets the key; the others keep theirs, which nobody asks
# for any more. A key that is new belongs to no other row: what already has the new form stays as it is.
_REKEY = r"""
    UPDATE article SET canonical_url = fresh.key
    FROM (
        SELECT id, key, canonical_url AS old, row_number() OVER (PARTITION BY key ORDER BY id) AS place
        FROM (
            SELECT id, canonical_url, regexp_replace(
                canonical_url,
                '^https?://(?:(?:www|m|wap|3g|mobile|amp)\.(?!(?:com|net|org|gov|edu|ac|co|mil)\.[^./:]+(?:[:/]|$))(?=[^/:.]+\.[^/:.]))*',
                'https://'
            ) AS key
            FROM article WHERE canonical_url IS NOT NULL
        ) AS rewritten
    ) AS fresh
    WHERE article.id = fresh.id AND fresh.place = 1 AND fresh.key <> fresh.old
        AND NOT EXISTS (SELECT FROM article AS other WHERE other.canonical_url = fresh.key)
"""


def upgrade() -> None:
    # false for the rows that are there, which costs no rewriting; true for all that come
    op.add_column("article", sa.Column("sketched", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.alter_column("article", "sketched", server_default=sa.text("true"))
    op.create_index("ix_article_unsketched", "article", ["id"], postgresql_where=sa.text("NOT sketched"))
    op.get_bind().exec_driver_sql(_REKEY)  # as it stands: its colons are no parameters
    op.create_table(
        "article_band",
        sa.Column("band", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("band", "article_id", name=op.f("pk_article_band")),
    )
    op.create_table(
        "reprint",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("canonical_url", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=True),
        sa.Column("published", _moment, nullable=True),
        sa.Column("seen_at", _moment, server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_reprint_article_id_article"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_reprint_source_id_source"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reprint")),
        sa.UniqueConstraint("canonical_url", name=op.f("uq_reprint_canonical_url")),
    )
    op.create_index("ix_reprint_article", "reprint", ["article_id", "id"])
    op.create_index("ix_reprint_hash", "reprint", ["content_hash"])
    op.create_table(
        "article_revision",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("published", _moment, nullable=True),
        sa.Column("replaced_at", _moment, server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_revision_article_id_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "number", name=op.f("pk_article_revision")),
    )
    op.create_index("ix_article_revision_hash", "article_revision", ["content_hash"])


def downgrade() -> None:
    for table in ("article_revision", "reprint", "article_band"):
        op.drop_table(table)
    op.drop_column("article", "sketched")

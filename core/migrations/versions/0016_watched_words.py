"""mentions of watched words: a row for each place that somebody may ask for"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_NAME, _WORD = ["article_id", "kind", "name"], ["article_id", "name", "where", "start"]


def upgrade() -> None:
    op.drop_constraint(op.f("uq_mention_article_id_kind_name"), "mention", type_="unique")
    op.create_index("uq_mention_name", "mention", _NAME, unique=True, postgresql_where=sa.text("kind <> 'word'"))
    op.create_index("uq_mention_word", "mention", _WORD, unique=True, postgresql_where=sa.text("kind = 'word'"))
    only_watched = sa.text("bank_id IS NULL AND firm_id IS NULL")
    op.create_index("ix_mention_watched", "mention", ["name", "article_id"], postgresql_where=only_watched)


def downgrade() -> None:
    op.execute("DELETE FROM mention WHERE kind = 'word'")
    for name in ("ix_mention_watched", "uq_mention_word", "uq_mention_name"):
        op.drop_index(name, table_name="mention")
    op.create_unique_constraint(op.f("uq_mention_article_id_kind_name"), "mention", _NAME)

"""names by pinyin, initials, stock code and near miss; what a watched name was found to mean"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_CODE = "split_part(stock_code, '.'::text, 1)"


def upgrade() -> None:
    for table in ("bank_alias", "firm_alias"):
        op.add_column(table, sa.Column("pinyin", sa.Text(collation="C"), nullable=True))
        op.add_column(table, sa.Column("initials", sa.Text(collation="C"), nullable=True))
        op.add_column(table, sa.Column("near", postgresql.ARRAY(sa.Integer()), nullable=True))
        op.create_index(f"ix_{table}_begins", table, ["key"], postgresql_ops={"key": "text_pattern_ops"})
        op.create_index(f"ix_{table}_pinyin", table, ["pinyin"])
        op.create_index(f"ix_{table}_initials", table, ["initials"])
        op.create_index(f"ix_{table}_near", table, ["near"], postgresql_using="gin")
        op.create_index(f"ix_{table}_unspelt", table, ["key"], postgresql_where=sa.text("pinyin IS NULL"))
    for table in ("bank", "firm"):
        op.create_index(f"ix_{table}_code", table, [sa.text(_CODE)])
    op.add_column("watch_item", sa.Column("resolved", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("watch_item", "resolved")
    for table in ("firm", "bank"):
        op.drop_index(f"ix_{table}_code", table_name=table)
    for table in ("firm_alias", "bank_alias"):
        for kind in ("unspelt", "near", "initials", "pinyin", "begins"):
            op.drop_index(f"ix_{table}_{kind}", table_name=table)
        for column in ("near", "initials", "pinyin"):
            op.drop_column(table, column)

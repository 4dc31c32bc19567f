"""pages and hosts: links to be fetched, politeness by host, rhythm and health of sources"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_moment = sa.DateTime(timezone=True)


def _source() -> list[sa.Column[Any]]:
    return [
        sa.Column("shortest_interval", sa.Float(), nullable=True),
        sa.Column("longest_interval", sa.Float(), nullable=True),
        sa.Column("selector", sa.Text(), nullable=True),
        sa.Column("full_text", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("rhythm", sa.Float(), nullable=True),
        sa.Column("items", sa.Integer(), nullable=True),
        sa.Column("health", sa.Text(), server_default="ok", nullable=False),
        sa.Column("health_since", _moment, nullable=True),
        sa.Column("health_reason", sa.Text(), nullable=True),
    ]


def upgrade() -> None:
    for column in _source():
        op.add_column("source", column)
    op.create_table(
        "host",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("robots", sa.Text(), nullable=True),
        sa.Column("robots_until", _moment, nullable=True),
        sa.Column("delay", sa.Float(), nullable=True),
        sa.Column("next_at", _moment, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_host")),
    )
    op.create_table(
        "link",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("canonical_url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("published", _moment, nullable=True),
        sa.Column("quiet", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", _moment, server_default=sa.text("now()"), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", _moment, server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", _moment, server_default=sa.text("now()"), nullable=True),
        sa.Column("lease_until", _moment, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_link_source_id_source"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("canonical_url", name=op.f("uq_link_canonical_url")),
    )
    op.create_index("ix_link_open", "link", ["due_at"], postgresql_where=sa.text("state = 'open'"))
    op.create_index("ix_link_source", "link", ["source_id", "created_at"])


def downgrade() -> None:
    op.drop_table("link")
    op.drop_table("host")
    for column in _source():
        op.drop_column("source", column.name)

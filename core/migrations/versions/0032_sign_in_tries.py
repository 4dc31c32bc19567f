"""tries at signing in are counted where all processes see it; events that follow another's facility are found"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_FOLLOWS = sa.text("shared_amount AND facility_id <> id")


def upgrade() -> None:
    op.create_table(
        "sign_in_tries",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_sign_in_tries")),
    )
    op.create_index(op.f("ix_sign_in_tries_since"), "sign_in_tries", ["since"])
    op.create_index("ix_event_follows", "event", ["facility_id"], postgresql_where=_FOLLOWS)


def downgrade() -> None:
    op.drop_index("ix_event_follows", table_name="event")
    op.drop_table("sign_in_tries")

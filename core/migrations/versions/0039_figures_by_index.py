"""events that stand, with all that figures are made of; the banks of each firm"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_LIVE = sa.text("state = 'live'")
_KEYS = ["shared_amount", "tech", "status", "bank_id"]
_COUNTED = [
    "id", "firm_id", "instrument", "sector", "regions", "currency", "amount_min", "amount_max", "qualifier",
    "date_from", "date_to", "days", "first_seen", "confidence", "facility_id",
]  # fmt: skip


def upgrade() -> None:
    op.create_index("ix_event_figures", "event", _KEYS, postgresql_include=_COUNTED, postgresql_where=_LIVE)
    op.create_index("ix_event_banks", "event", ["firm_id", "bank_id"], postgresql_where=_LIVE)


def downgrade() -> None:
    op.drop_index("ix_event_banks", table_name="event")
    op.drop_index("ix_event_figures", table_name="event")

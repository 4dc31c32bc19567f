"""the regions of the events that are known already"""

import sqlalchemy as sa
from alembic import op

from core.regions import of_event

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_BATCH = 5000
_ASK = sa.text("""
    SELECT event.id, event.branch, event.firm_description, bank.region AS bank, firm.region AS firm_region,
           array(SELECT alias FROM firm_alias WHERE firm_alias.firm_id = firm.id) || firm.name AS firms
    FROM event JOIN bank ON bank.id = event.bank_id LEFT JOIN firm ON firm.id = event.firm_id
    WHERE event.id > :after ORDER BY event.id LIMIT :most
""")


def upgrade() -> None:
    if op.get_context().as_sql:
        return
    connection, after = op.get_bind(), "00000000-0000-0000-0000-000000000000"
    while rows := connection.execute(_ASK, {"after": after, "most": _BATCH}).all():
        connection.execute(
            sa.text("UPDATE event SET regions = :regions WHERE id = :id"),
            [{"id": row.id, "regions": list(_region(row))} for row in rows],
        )
        after = str(rows[-1].id)


def _region(row: sa.Row[tuple[object, ...]]) -> tuple[str, ...]:
    firms = [name for name in row.firms if name]
    told = [row.branch, row.firm_description]
    return of_event(firms=firms, firm_region=row.firm_region, told=told, bank=row.bank)


def downgrade() -> None:
    op.execute("UPDATE event SET regions = '{}'")

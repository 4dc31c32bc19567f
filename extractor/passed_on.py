"""What passes over when a firm is found to be another: statements composed once (core/sql.py tells why)."""

from typing import Any

from sqlalchemy import bindparam, or_, update

from core.models import Event, Firm, FirmAlias, Mention, Referral
from core.sql import Query, table

_firm, _alias, _event, _mention, _referral = map(table, (Firm, FirmAlias, Event, Mention, Referral))
_OF_FIRMS: tuple[tuple[Any, dict[str, Any]], ...] = (
    (_alias.c.firm_id, {}),
    (_event.c.firm_id, {"facility_id": None}),  # whose sums its events share is found anew
    (_mention.c.firm_id, {}),
    (_referral.c.from_firm_id, {}),
    (_referral.c.to_firm_id, {}),
)

JOIN_FIRMS = tuple(
    Query(update(own.table).where(own == bindparam("gone")).values({own.name: bindparam("kept")} | more))
    for own, more in _OF_FIRMS
)
"""Its names, events, mentions and referrals are the other's."""
LEAD_FIRM = Query(
    update(_firm)
    .where(or_(_firm.c.id == bindparam("gone"), _firm.c.merged_into == bindparam("gone")))
    .values(merged_into=bindparam("kept"))
)
"""Its row leads there now, and so do those that led to it."""

"""Why banks are related to a bank, as one statement of (other, reason, count)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Subquery, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from api.resources.profiles.store import Ties
from core.models import Bank, Event

MOST_EVENTS = 2000  # the last of a bank's events, in whose firms and sums others are looked for


def ties(bank: Bank, ids: Sequence[UUID]) -> Ties:
    """Every bank that is related to `bank`, whose rows are `ids`; a bank has a row for each reason."""
    return union_all(_same_group(bank), _same_sum(ids), _same_firm(ids))


def _same_group(bank: Bank) -> Select[Any]:
    """The bank that owns it, those that it owns, and those that are owned alike."""
    given: tuple[Any, ...] = (Bank.id.label("other"), literal("same_group").label("reason"), literal(1).label("count"))
    found = select(*given)
    house = bank.parent or bank.name
    return found.where(or_(Bank.parent == house, Bank.name == house), Bank.id != bank.id, Bank.merged_into.is_(None))


def _same_sum(ids: Sequence[UUID]) -> Select[Any]:
    """Banks that share a sum with it; counted are the sums."""
    own, other = _last(ids, Event.shared_amount, Event.facility_id.is_not(None)), aliased(Event)
    same_firm = or_(
        other.firm_id == own.c.firm_id,
        and_(other.firm_id.is_(None), other.firm_description == own.c.firm_description),
    )
    same = and_(other.shared_amount, same_firm, other.facility_id == own.c.facility_id)
    return _others("same_sum", own, other, same, own.c.facility_id, ids)


def _same_firm(ids: Sequence[UUID]) -> Select[Any]:
    """Banks that financed the same firms; counted are the firms."""
    last, other = _last(ids, Event.firm_id.is_not(None)), aliased(Event)
    own = select(last.c.firm_id).distinct().subquery()
    return _others("same_firm", own, other, other.firm_id == own.c.firm_id, own.c.firm_id, ids)


def _last(ids: Sequence[UUID], *also: Any) -> Subquery:
    columns = (Event.firm_id, Event.firm_description, Event.facility_id)
    own = select(*columns).where(Event.bank_id.in_(ids), Event.state == "live", *also)
    return own.order_by(Event.first_seen.desc(), Event.id.desc()).limit(MOST_EVENTS).subquery()


def _others(reason: str, own: Subquery, other: Any, same: Any, counted: Any, ids: Sequence[UUID]) -> Select[Any]:
    each = select(other.bank_id.label("other"), counted.label("counted")).distinct().select_from(own)
    once = each.join(other, and_(same, other.state == "live", other.bank_id.not_in(ids))).subquery()
    found = select(once.c.other, literal(reason).label("reason"), func.count().label("count"))
    return found.group_by(once.c.other)

"""All SQL of `/v1/dossier`; a firm that is only watched is none."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from api.resources.dossier.schemas import MOST_EVENTS, DossierQuery
from api.resources.events.filters import EventFilter, matching
from api.schemas import PROVEN
from core.models import Event, Firm, FirmAlias

_HEAD = func.coalesce(Firm.merged_into, Firm.id)


def heads(session: Session, ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """By id the firm that stands for it, which is mostly itself."""
    found = select(Firm.id, _HEAD).where(Firm.id.in_(list(ids)), Firm.origin.in_(PROVEN))
    return dict(session.execute(found).all())


def named(session: Session, keys: Iterable[str]) -> dict[str, UUID]:
    """By folded name the firm that is called so."""
    found = select(FirmAlias.key, _HEAD).join(Firm, Firm.id == FirmAlias.firm_id)
    return dict(session.execute(found.where(FirmAlias.key.in_(list(keys)), Firm.origin.in_(PROVEN))).all())


def parties(session: Session, ids: Sequence[UUID]) -> list[Any]:
    """Rows of id and name."""
    return list(session.execute(select(Firm.id, Firm.name).where(Firm.id.in_(ids)).order_by(Firm.name)).all())


def firms(session: Session, ids: Sequence[UUID]) -> dict[UUID, Firm]:
    """Firms with their names, by id."""
    found = session.scalars(select(Firm).where(Firm.id.in_(ids)).options(selectinload(Firm.aliases)))
    return {firm.id: firm for firm in found}


def events(session: Session, ids: Sequence[UUID], query: DossierQuery) -> tuple[list[tuple[UUID, Event]], bool]:
    """Each event that passes the filter with the firm that it is about, and whether there are more than are told.

    The latest seen are told; a firm's events are also those of the rows that were found to be one with it.
    """
    rows = dict(session.execute(select(Firm.id, _HEAD).where(or_(Firm.id.in_(ids), Firm.merged_into.in_(ids)))).all())
    wanted = EventFilter(**query.model_dump(include=set(EventFilter.model_fields) - {"firm"}, exclude_unset=True))
    found = matching(session, wanted).where(Event.firm_id.in_(rows))
    newest = found.order_by(Event.first_seen.desc(), Event.id.desc()).limit(MOST_EVENTS + 1)
    told = session.scalars(newest).unique().all()
    return [(rows[event.firm_id], event) for event in told[:MOST_EVENTS] if event.firm_id], len(told) > MOST_EVENTS

"""All SQL of corrections."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.errors import Invalid, not_found
from api.schemas import PROVEN
from core.models import Bank, BankAlias, Correction, Event, Evidence, Firm, FirmAlias, Notice
from core.names import fold, refuse_generic


def held(session: Session, event_id: UUID) -> Event:
    """The event, held until the transaction ends, with its bank, so that no telling is merged into it meanwhile.

    HTTPException 404 where there is none. Merging holds the same lock on a bank (extractor/merge.py).
    """
    bank = select(Bank.name).join(Event, Event.bank_id == Bank.id).where(Event.id == event_id)
    name = session.scalar(bank)
    if name is None:
        raise not_found("event")
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"bank {name}", 0))))
    event = session.get(Event, event_id, with_for_update={"of": Event}, populate_existing=True)
    if event is None:
        raise not_found("event")
    return event


def corrections(session: Session, event_id: UUID) -> Sequence[Correction]:
    """Those of an event, oldest first; HTTPException 404 where there is no such event."""
    if session.get(Event, event_id) is None:
        raise not_found("event")
    return session.scalars(select(Correction).where(Correction.event_id == event_id).order_by(Correction.id)).all()


def bank(session: Session, name: str) -> Bank:
    """The bank called so; Invalid where none is."""
    found = session.scalar(select(Bank).join(BankAlias).where(BankAlias.key == fold(name)))
    if found is None:
        raise Invalid.at("body.bank", f"no bank is called {name!r}")
    return found


def firm(session: Session, name: str, event: Event) -> Firm:
    """The firm called so, which is learnt where none is; Invalid where that is no name for a firm."""
    found = session.scalar(select(Firm).join(FirmAlias).where(FirmAlias.key == fold(name), Firm.origin.in_(PROVEN)))
    if found is not None:
        return session.get_one(Firm, found.merged_into) if found.merged_into else found
    try:
        key = refuse_generic(name)
    except ValueError as error:
        raise Invalid.at("body.firm", str(error)) from None
    learnt = Firm(name=name, tech=event.tech, sector=event.sector, origin="learnt")
    session.add(learnt)
    session.flush()
    session.merge(FirmAlias(key=key, alias=name, firm_id=learnt.id))  # a name that was only watched is the firm's now
    session.flush()
    session.refresh(learnt)
    return learnt


def was_told(session: Session, event_id: UUID) -> bool:
    """Whether alerts were given notice of the event: who was told of it is told what became of it."""
    return bool(session.scalar(select(select(Notice.id).where(Notice.event_id == event_id).exists())))


def last_article(session: Session, event_id: UUID) -> UUID | None:
    """The article that told it last."""
    latest = select(Evidence.article_id).where(Evidence.event_id == event_id).order_by(Evidence.id.desc()).limit(1)
    return session.scalar(latest)


def since_released(session: Session, event_id: UUID) -> Sequence[Correction]:
    """The corrections since the machine had the event to itself, oldest first."""
    released = select(Correction.id).where(Correction.event_id == event_id, Correction.verdict == "released")
    last = session.scalar(released.order_by(Correction.id.desc()).limit(1))
    own = select(Correction).where(Correction.event_id == event_id).order_by(Correction.id)
    return session.scalars(own if last is None else own.where(Correction.id > last)).all()

"""All SQL of corrections."""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.errors import Invalid, not_found
from api.schemas import PROVEN
from core.errors import TemporaryFailure
from core.models import Bank, BankAlias, Correction, Event, Evidence, Firm, FirmAlias, Notice
from core.names import fold, refuse_generic
from extractor import rejoin

TRIES = 10  # at getting hold of an event whose bank others are changing


def held(session: Session, event_id: UUID, to: Callable[[], str | None]) -> Event:
    """The event, held until the transaction ends with its bank and the one that `to` calls it the event of, so that no
    telling is merged into either meanwhile: merging holds the same locks (extractor/merge.py), in the same order.

    All is read again under the locks; where it changed meanwhile they are let go and taken anew. HTTPException 404
    where there is no such event, Invalid where no bank is called so.
    """
    for _ in range(TRIES):
        with session.begin_nested() as attempt:
            banks = _banks(session, event_id, to())
            rejoin.hold_banks(session, *banks)
            if _banks(session, event_id, to()) == banks:
                return session.get_one(Event, event_id, with_for_update={"of": Event}, populate_existing=True)
            attempt.rollback()
    raise TemporaryFailure("others are changing this event: try again")


def _banks(session: Session, event_id: UUID, to: str | None) -> set[str]:
    """The names of an event's bank and of the one that is called `to`."""
    own = session.scalar(select(Bank.name).join(Event, Event.bank_id == Bank.id).where(Event.id == event_id))
    if own is None:
        raise not_found("event")
    return {own, bank(session, to).name} if to else {own}


def corrections(session: Session, event_id: UUID) -> Sequence[Correction]:
    """Those of an event, oldest first; HTTPException 404 where there is no such event."""
    if session.get(Event, event_id) is None:
        raise not_found("event")
    return session.scalars(select(Correction).where(Correction.event_id == event_id).order_by(Correction.id)).all()


def bank(session: Session, name: str) -> Bank:
    """The bank called so; Invalid where none is."""
    called = select(Bank).join(BankAlias).where(BankAlias.key == fold(name))
    found = session.scalar(called.execution_options(populate_existing=True))
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

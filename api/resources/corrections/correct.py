"""An event under the operator's hand: hold it -> change it -> record version and correction -> tell who was told."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import HTTPException
from sqlalchemy.orm import Session

from api.resources.corrections import store
from api.resources.corrections.schemas import CorrectionIn, Noted
from core import periods
from core.models import Correction, Event, EventVersion, News, Notice
from core.views import CONTRACT, facts
from core.work import MATCH, announce

_PLAIN = (
    *("branch", "firm_description", "tech", "instrument", "instrument_text"),
    *("shared_amount", "term_months", "status"),
)


@dataclass(frozen=True)
class _Look:
    """A look at an event by hand: by whom, what was sent, and what the event was before."""

    event: Event
    by: UUID
    given: Noted
    state: str
    facts: dict[str, Any]


def correct(session: Session, event_id: UUID, by: UUID, given: CorrectionIn) -> Event:
    """Set the given fields; they are held against every telling."""
    fields = given.fields()
    look = _look(session, event_id, by, given, to=lambda: fields.get("bank"))
    if fields.get("firm"):
        fields["firm_description"] = None
    elif fields.get("firm_description"):
        fields["firm"] = None
    _set(session, look.event, fields)
    now = facts(look.event)
    look.event.held = {**(look.event.held or {}), **{name: now[name] for name in fields}}
    look.event.verdict, look.event.state = "corrected", "live"
    return _record(session, look, "corrected", fields)


def confirm(session: Session, event_id: UUID, by: UUID, given: Noted) -> Event:
    """The event is right as it stands."""
    look = _look(session, event_id, by, given)
    look.event.verdict, look.event.state = "corrected" if look.event.held else "confirmed", "live"
    return _record(session, look, "confirmed")


def reject(session: Session, event_id: UUID, by: UUID, given: Noted) -> Event:
    """There was no such event."""
    look = _look(session, event_id, by, given)
    look.event.verdict, look.event.state = "rejected", "retracted"
    return _record(session, look, "rejected")


def release(session: Session, event_id: UUID, by: UUID, given: Noted) -> Event:
    """The machine's again, and as it was before the first correction; one that no hand is on stays as it is."""
    look = _look(session, event_id, by, given, to=lambda: machine_said(session, event_id).get("bank"))
    if look.event.verdict is None:
        return look.event
    machine = machine_said(session, event_id)
    _set(session, look.event, machine)
    look.event.verdict, look.event.held, look.event.state = None, None, "live"
    return _record(session, look, "released", machine)


def machine_said(session: Session, event_id: UUID) -> dict[str, Any]:
    """What the machine said of the fields that were set by hand since it had the event to itself."""
    said: dict[str, Any] = {}
    for correction in store.since_released(session, event_id):
        said = {**(correction.previous or {}), **said}  # the oldest is what the machine said
    return said


def _look(
    session: Session, event_id: UUID, by: UUID, given: Noted, to: Callable[[], str | None] = lambda: None
) -> _Look:
    """`to`: the bank whose event it may become."""
    event = store.held(session, event_id, to)
    if event.state == "merged":
        raise HTTPException(409, f"this event was merged into {event.merged_into}: correct that one")
    if given.version not in (None, event.version):
        raise HTTPException(409, f"the event has changed since: it is at version {event.version}, not {given.version}")
    return _Look(event, by, given, event.state, facts(event))


def _set(session: Session, event: Event, fields: dict[str, Any]) -> None:
    for name in _PLAIN:
        if name in fields:
            setattr(event, name, fields[name])
    if "bank" in fields:
        event.bank = store.bank(session, fields["bank"])
    if "firm" in fields:
        event.firm = store.firm(session, fields["firm"], event) if fields["firm"] else None
    if "amount" in fields:
        told = fields["amount"] or {}
        event.amount_min, event.amount_max = _exactly(told.get("min")), _exactly(told.get("max"))
        event.currency, event.qualifier = told.get("currency"), told.get("qualifier")
    if "date" in fields:
        event.date = fields["date"]
        event.date_from, event.date_to = periods.span(event.date) or (None, None)


def _record(session: Session, look: _Look, verdict: str, fields: Any = ()) -> Event:
    """Keep the correction, and a version where the event says another thing now, counts no more, or counts again."""
    event, after = look.event, facts(look.event)
    changed = {name: look.facts[name] for name in CONTRACT if look.facts[name] != after[name]}
    if changed or event.state != look.state:
        event.version += 1
        event.facility_id = None  # whose sum it shares is found anew
        kind = "event.retracted" if event.state == "retracted" else "event.updated"
        version = EventVersion(event_id=event.id, version=event.version, type=kind, facts=after)
        version.previous = changed or None
        session.add(version)
        _tell(session, event, kind)
    correction = Correction(event_id=event.id, subscriber_id=look.by, verdict=verdict, note=look.given.note)
    correction.version = event.version
    correction.facts = {name: after[name] for name in sorted(fields)} or None
    correction.previous = {name: look.facts[name] for name in sorted(fields)} or None
    session.add(correction)
    session.flush()
    return event


def _tell(session: Session, event: Event, kind: str) -> None:
    """Give alerts and the live stream notice, if they had it of the event before: history that was quiet stays so."""
    if not store.was_told(session, event.id):
        return
    notice = Notice(kind=kind, event_id=event.id, version=event.version)
    notice.article_id = store.last_article(session, event.id)
    session.add_all([notice, News(event_id=event.id, version=event.version)])
    session.flush()
    announce(session, MATCH, notice.id)


def _exactly(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))

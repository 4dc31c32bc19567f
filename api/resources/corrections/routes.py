"""`PATCH /v1/events/{id}`, its verdicts, and what was corrected; all but reading needs the operator scope."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from api.body import JsonRoute
from api.deps import Db, Operator, Reader
from api.resources.corrections import store
from api.resources.corrections.correct import confirm, correct, reject, release
from api.resources.corrections.schemas import CorrectionIn, Corrections, Noted
from api.resources.events.schemas import EventOut
from api.resources.events.store import tellings
from core.models import Event
from core.views import event_view

router = APIRouter(prefix="/v1/events/{event_id}", tags=["corrections"], route_class=JsonRoute)


@router.patch("", operation_id="correct_event", response_model=EventOut)
def correct_event(asking: Operator, db: Db, event_id: UUID, given: CorrectionIn) -> Any:
    """Set fields of an event by hand: they are the operator's from then on, and no telling changes them."""
    return _view(db, correct(db, event_id, asking.subscriber_id, given))


@router.post("/confirm", operation_id="confirm_event", response_model=EventOut)
def confirm_event(asking: Operator, db: Db, event_id: UUID, given: Noted) -> Any:
    """Say that an event is right: it keeps its evidence, whatever a later engine reads there."""
    return _view(db, confirm(db, event_id, asking.subscriber_id, given))


@router.post("/reject", operation_id="reject_event", response_model=EventOut)
def reject_event(asking: Operator, db: Db, event_id: UUID, given: Noted) -> Any:
    """Say that there was no such event: it is retracted, and stays so however often it is told."""
    return _view(db, reject(db, event_id, asking.subscriber_id, given))


@router.post("/release", operation_id="release_event", response_model=EventOut)
def release_event(asking: Operator, db: Db, event_id: UUID, given: Noted) -> Any:
    """Give an event back to the machine: it says again what it said before it was first looked at."""
    return _view(db, release(db, event_id, asking.subscriber_id, given))


@router.get("/corrections", operation_id="list_event_corrections", response_model=Corrections)
def list_event_corrections(_: Reader, db: Db, event_id: UUID) -> Any:
    """Every look at an event by hand, oldest first."""
    return {"items": store.corrections(db, event_id)}


def _view(db: Db, event: Event) -> dict[str, Any]:
    return event_view(event, tellings(db, [event])[event.id])

"""`/events/{id}/correct`: an event under the operator's hand: each field beside what the machine read; a verdict."""

from collections import defaultdict
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from api.dashboard import event_tellings, refusals
from api.dashboard.correction_form import CorrectionForm, VerdictForm, changed, correction, field_of, noted, of_facts
from api.dashboard.deps import OperatorViewer
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.dashboard.wording import language_of, words
from api.deps import Db
from api.errors import Invalid, not_found
from api.resources.corrections import correct as hand
from api.resources.events import store
from core.instruments import INSTRUMENTS, QUALIFIERS, STATUSES
from core.models import Event
from core.views import event_view, facts

router = page_router()
PAGE = Page("correction", router)
_VERDICTS = {
    "confirm": (hand.confirm, "confirmed"),
    "reject": (hand.reject, "rejected"),
    "release": (hand.release, "released"),
}


@router.get("/events/{event_id}/correct")
def ask(request: Request, _: OperatorViewer, db: Db, event_id: UUID) -> Response:
    """The form as the event stands."""
    event = _found(db, event_id)
    if event.merged_into is not None:
        return RedirectResponse(f"/events/{event.merged_into}/correct")
    return _draw(request, db, event, of_facts(facts(event)))


@router.post("/events/{event_id}/correct")
def correct(
    request: Request, seen: OperatorViewer, db: Db, event_id: UUID, form: Annotated[CorrectionForm, Form()]
) -> Response:
    """Set what was changed in the form; the form again, with the reason at its field, where that is refused."""
    before = of_facts(_as_looked_at(db, event_id, form.version))
    names = changed(before, form)
    try:
        if not names:
            raise Invalid.at("all", "nothing was changed")
        with db.begin_nested():
            hand.correct(db, event_id, seen.subscriber_id, correction(form, names))
    except (Invalid, HTTPException) as refused:
        event = _found(db, event_id)
        own = {field: getattr(form, field) for field in before if getattr(form, field).strip() != before[field]}
        return _draw(request, db, event, of_facts(facts(event)) | own, refused=refused, note=form.note)
    return _done(event_id, "corrected")


@router.post("/events/{event_id}/verdict")
def judge(
    request: Request, seen: OperatorViewer, db: Db, event_id: UUID, form: Annotated[VerdictForm, Form()]
) -> Response:
    """Confirm or reject the event as a whole, or give it back to the machine."""
    act, done = _VERDICTS[form.verdict]
    try:
        with db.begin_nested():
            act(db, event_id, seen.subscriber_id, noted(form))
    except (Invalid, HTTPException) as refused:
        event = _found(db, event_id)
        return _draw(request, db, event, of_facts(facts(event)), refused=refused, note=form.note)
    return _done(event_id, done)


def _found(db: Session, event_id: UUID) -> Event:
    event = store.find(db, event_id)
    if event is None:
        raise not_found("event")
    return event


def _as_looked_at(db: Session, event_id: UUID, version: int) -> dict[str, Any]:
    """What the event said when the form was drawn: what still says that was not changed by hand."""
    event = _found(db, event_id)
    if version == event.version:
        return facts(event)
    return next((row.facts for row in store.versions(db, event_id) if row.version == version), facts(event))


def _done(event_id: UUID, what: str) -> Response:
    return RedirectResponse(f"/events/{event_id}?done={what}", HTTPStatus.SEE_OTHER)


def _draw(
    request: Request,
    db: Session,
    event: Event,
    filled: dict[str, str],
    *,
    refused: Invalid | HTTPException | None = None,
    note: str = "",
) -> Response:
    if isinstance(refused, HTTPException) and refused.status_code != HTTPStatus.CONFLICT:
        raise refused
    t = words(language_of(request))
    errors = defaultdict(list)
    for error in refused.errors if isinstance(refused, Invalid) else ():
        field = field_of(error)
        errors[field].append(
            refusals.known(t, error.reason) or t.maybe(f"correction.wrong.{field}", refusals.said(t, error))
        )
    status = HTTPStatus.OK if refused is None else HTTPStatus.CONFLICT
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else status
    view = event_view(event)
    given: dict[str, Any] = {"filled": filled, "note": note, "errors": errors}
    given["changed_meanwhile"] = status == HTTPStatus.CONFLICT
    given |= {"machine": {**facts(event), **hand.machine_said(db, event.id)}, "held": event.held or {}}
    qualifiers = [(one, t(f"correction.qualified.{one}")) for one in QUALIFIERS]
    given |= {"instruments": INSTRUMENTS, "statuses": STATUSES, "qualifiers": qualifiers}
    told = event_tellings.quoted(db, event, view)
    return render(request, "correction.html", status=status, event=view, **given, **told)

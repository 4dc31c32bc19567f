"""`/deliveries`: the log of what was sent where, with every attempt; sent once more from here."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from alerts.wording import words as alert_words
from api.dashboard.delivery_view import brief, viewed
from api.dashboard.deps import Editor, Viewer
from api.dashboard.forms import Filled
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.dashboard.wording import language_of, words
from api.deps import Db
from api.pagination import PageQuery
from api.query import QueryOf
from api.resources.channels import store as channels
from api.resources.deliveries import again, store
from api.resources.deliveries.schemas import DeliveryQuery, ResendIn
from api.schemas import MomentIn
from core.clock import SHANGHAI
from core.models import Delivery

MOST_CHANNELS = 200
_RESENT_BY = ("state", "channel", "since", "until")  # the filters by which many are sent once more
router = page_router()
PAGE = Page("deliveries", router, menu="/deliveries", group="own")


class LogQuery(DeliveryQuery):
    """The filters, and how many were opened again just now."""

    resent: int | None = None


class Again(Filled):
    """Which to send once more: those of the filters that the log was looked at with."""

    state: str = ""
    channel: UUID | None = None
    since: MomentIn | None = None
    until: MomentIn | None = None


@router.get("/deliveries")
def show(request: Request, seen: Viewer, db: Db, query: QueryOf[LogQuery]) -> Response:
    """The log, newest first, by its filters."""
    t = words(language_of(request))
    rows, following = store.page(db, seen.subscriber_id, query)
    to = store.channels(db, (row.channel_id for row in rows))
    own, _ = channels.page(db, seen.subscriber_id, PageQuery(limit=MOST_CHANNELS, cursor=None))
    chosen = query.model_dump(exclude={"limit", "cursor", "resent"}, exclude_none=True)
    given: dict[str, Any] = {
        "deliveries": [brief(t, row, to[row.channel_id]) for row in rows],
        "channels": [(str(one.id), one.name) for one in own],
        "chosen": {name: _filled(value) for name, value in chosen.items()},
        "types": [(one, t.maybe(f"deliveries.type.{one}", one)) for one in alert_words()["type"]],
        "again": chosen.get("state") in ("failed", "done") and not chosen.keys() - {*_RESENT_BY},
        "resent": query.resent,
    }
    return render(request, "deliveries.html", next=following, **given)


@router.post("/deliveries/resend")
def resend_many(seen: Editor, db: Db, form: Annotated[Again, Form()]) -> Response:
    """Send all of the chosen once more."""
    asked = ResendIn.model_validate(form.model_dump(include={*_RESENT_BY}) | {"state": form.state or None})
    query = {"resent": again.many(db, seen.subscriber_id, asked)} | ({"channel": form.channel} if form.channel else {})
    return RedirectResponse(f"/deliveries?{urlencode(query)}", HTTPStatus.SEE_OTHER)


@router.get("/deliveries/{delivery_id}")
def one(request: Request, seen: Viewer, db: Db, delivery_id: UUID) -> Response:
    """One delivery with its attempts."""
    row = again.found(db, seen.subscriber_id, delivery_id)
    return render(request, "delivery.html", delivery=_viewed(request, db, row))


@router.get("/deliveries/{delivery_id}/state")
def state(request: Request, seen: Viewer, db: Db, delivery_id: UUID) -> Response:
    """How it is just now; a piece that renews itself while it is under way."""
    row = again.found(db, seen.subscriber_id, delivery_id)
    return render(request, "delivery_state.html", delivery=_viewed(request, db, row))


@router.post("/deliveries/{delivery_id}/resend")
def resend(seen: Editor, db: Db, delivery_id: UUID) -> Response:
    """Send it once more."""
    again.one(db, seen.subscriber_id, delivery_id)
    return RedirectResponse(f"/deliveries/{delivery_id}", HTTPStatus.SEE_OTHER)


def _viewed(request: Request, db: Session, row: Delivery) -> dict[str, Any]:
    [channel] = store.channels(db, [row.channel_id]).values()
    return viewed(words(language_of(request)), row, channel)


def _filled(value: Any) -> str:
    """A filter's value as a field of the form has it."""
    return f"{value.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}" if isinstance(value, datetime) else str(value)

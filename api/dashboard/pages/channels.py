"""`/channels`: where one's alerts go: made, tried, changed, paused, deleted. A secret shows once and never again."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import Field
from sqlalchemy.orm import Session

from api.dashboard import channel_form, once, refusals
from api.dashboard.channel_form import FIELDS, HIDDEN, ChannelForm
from api.dashboard.delivery_view import viewed
from api.dashboard.deps import Editor, Viewer
from api.dashboard.forms import Filled, called
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.dashboard.wording import language_of, words
from api.deps import Db
from api.errors import Invalid
from api.pagination import PageQuery
from api.query import QueryOf
from api.resources.channels import keep, store
from api.resources.deliveries import store as deliveries
from core.clock import now
from core.models import Channel

COUNTED = timedelta(days=30)
router = page_router()
PAGE = Page("channels", router, menu="/channels", group="own")
Filling = Annotated[ChannelForm, Form()]


class ListQuery(PageQuery):
    """A page of the list, and the name of what was deleted just now."""

    deleted: str | None = Field(None, max_length=200)


class Paused(Filled):
    """Whether it is to be paused."""

    paused: bool = False


@router.get("/channels")
def show(request: Request, seen: Viewer, db: Db, query: QueryOf[ListQuery]) -> Response:
    """One's own channels, how each is, and what it was sent in the last 30 days."""
    found, following = store.page(db, seen.subscriber_id, query)
    counts = {row.id: row for row in deliveries.counts(db, seen.subscriber_id, now() - COUNTED, None)}
    states = {row.id: channel_form.state(db, row) for row in found}
    given: dict[str, Any] = {"channels": found, "states": states, "counts": counts, "deleted": query.deleted}
    return render(request, "channels.html", next=following, **given)


@router.get("/channels/new")
def new(request: Request, _: Editor, kind: str = "") -> Response:
    """The kinds to choose from, or the form of one."""
    if kind not in FIELDS:
        return render(request, "channel_kinds.html", kinds=list(FIELDS))
    return _draw(request, ChannelForm(kind=kind, enabled=True))


@router.post("/channels/new")
def create(request: Request, seen: Editor, db: Db, form: Filling) -> Response:
    """A new channel; its page shows the secret once."""
    try:
        with db.begin_nested():
            row, secret = keep.made(db, seen.subscriber_id, _named(channel_form.asked(form)))
    except (Invalid, HTTPException) as refused:
        return _draw(request, form, errors=_refused(request, refused))
    return _shown_once(request, row.id, "new", secret)


@router.get("/channels/{channel_id}")
def one(
    request: Request, seen: Viewer, db: Db, channel_id: UUID, saved: str = "", test: UUID | None = None
) -> Response:
    """One channel: how it is, what came of its test, its form."""
    row = keep.found(db, seen.subscriber_id, channel_id)
    tried = deliveries.find(db, seen.subscriber_id, test) if test else None
    told = viewed(words(language_of(request)), tried, row) if tried else None
    secret = once.look(request, f"channel {row.id}")
    answer = _draw(request, channel_form.of_row(row), db, row, saved=saved, secret=secret, tried=told)
    if secret:
        once.drop(request, answer)
    return answer


@router.post("/channels/{channel_id}")
def change(request: Request, seen: Editor, db: Db, channel_id: UUID, form: Filling) -> Response:
    """The channel as the form has it."""
    row = keep.found(db, seen.subscriber_id, channel_id)
    try:
        with db.begin_nested():
            keep.changed(db, row, _named(channel_form.changes(form, row)))
    except (Invalid, HTTPException) as refused:
        return _draw(request, form, db, row, errors=_refused(request, refused))
    return _to(channel_id, "saved=changes")


@router.post("/channels/{channel_id}/pause")
def pause(seen: Editor, db: Db, channel_id: UUID, form: Annotated[Paused, Form()]) -> Response:
    """Let what is for it wait, or go out."""
    keep.changed(db, keep.found(db, seen.subscriber_id, channel_id), {"paused": form.paused})
    return _to(channel_id, "saved=paused" if form.paused else "saved=resumed")


@router.post("/channels/{channel_id}/test")
def test(seen: Editor, db: Db, channel_id: UUID) -> Response:
    """Send a test alert; the channel's page shows what came of it."""
    return _to(channel_id, f"test={keep.tried(db, keep.found(db, seen.subscriber_id, channel_id))}")


@router.post("/channels/{channel_id}/confirm")
def confirm(seen: Editor, db: Db, channel_id: UUID) -> Response:
    """Ask the address once more whether it wants alerts."""
    return _to(channel_id, f"test={keep.asked_again(db, keep.found(db, seen.subscriber_id, channel_id))}")


@router.post("/channels/{channel_id}/rotate")
def rotate(request: Request, seen: Editor, db: Db, channel_id: UUID) -> Response:
    """A new signing secret, which shows once."""
    secret = keep.rotated(db, keep.found(db, seen.subscriber_id, channel_id))
    return _shown_once(request, channel_id, "rotated", secret)


@router.get("/channels/{channel_id}/delete")
def ask(request: Request, seen: Editor, db: Db, channel_id: UUID) -> Response:
    """Whether it is really to go."""
    return render(request, "channel_delete.html", channel=keep.found(db, seen.subscriber_id, channel_id))


@router.post("/channels/{channel_id}/delete")
def delete(seen: Editor, db: Db, channel_id: UUID) -> Response:
    """It is no more, and neither is its log."""
    store.remove(db, keep.found(db, seen.subscriber_id, channel_id))
    return RedirectResponse("/channels?deleted=yes", HTTPStatus.SEE_OTHER)


def _named(given: dict[str, Any]) -> dict[str, Any]:
    """The same, where its name is one; Invalid where it is none."""
    return given | ({"name": called(given["name"])} if "name" in given else {})


def _refused(request: Request, refused: Invalid | HTTPException) -> dict[str, list[str]]:
    t = words(language_of(request))
    if isinstance(refused, Invalid):
        return refusals.at_fields(t, refused, channel_form.field_of)
    if refused.status_code != HTTPStatus.TOO_MANY_REQUESTS:
        raise refused
    return {"to": [t("channels.asked_too_often")]}


def _to(channel_id: UUID, query: str) -> Response:
    return RedirectResponse(f"/channels/{channel_id}?{query}#main", HTTPStatus.SEE_OTHER)


def _shown_once(request: Request, channel_id: UUID, saved: str, secret: str | None) -> Response:
    answer = _to(channel_id, f"saved={saved}")
    if secret:
        once.put(request, answer, f"channel {channel_id}", secret)
    return answer


def _draw(
    request: Request, form: ChannelForm, db: Session | None = None, row: Channel | None = None, **given: Any
) -> Response:
    """The page of the form; `row` is the channel as it is saved, None of a new one."""
    state = channel_form.state(db, row) if db is not None and row is not None else ""
    shown = {"errors": {}, "saved": "", "secret": "", "tried": None, **given}
    more: dict[str, Any] = {"fields": FIELDS.get(form.kind, ()), "hidden": form.kind in HIDDEN}
    return render(request, "channel.html", f=form, row=row, state_now=state, **more, **shown)

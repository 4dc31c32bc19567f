"""`/subscribers`: who may use the API, under the operator's hand: added, given keys, deleted. A key shows once."""

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from api.dashboard import cookies, once, refusals
from api.dashboard.deps import OPERATOR, SIGN_IN, OperatorViewer, Visitor
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.dashboard.subscriber_form import (
    SCOPES,
    KeyForm,
    Leaving,
    Revoked,
    SubscriberForm,
    field_of_key,
    field_of_subscriber,
)
from api.dashboard.wording import language_of, words
from api.deps import Caller, Db
from api.errors import Invalid, not_found
from api.pagination import PageQuery
from api.query import QueryOf
from api.resources.keys import keep
from api.resources.keys import store as keys
from api.resources.subscribers import store
from core import subscribers
from core.clock import now
from core.keys import in_force
from core.models import ApiKey, Subscriber

router = page_router()
PAGE = Page("subscribers", router, menu="/subscribers", group="house", scope=OPERATOR)
_FIRST = PageQuery(limit=50, cursor=None)


class ListQuery(PageQuery):
    """A page of the list, and whether one was deleted just now."""

    deleted: bool = False


class OneQuery(PageQuery):
    """A page of keys, and what was done just now."""

    done: str = ""


@router.get("/subscribers")
def show(request: Request, _: OperatorViewer, db: Db, query: QueryOf[ListQuery]) -> Response:
    """Everyone, the newest first, and the form of a new one."""
    return _list(request, db, query, SubscriberForm(scopes=SCOPES), deleted=query.deleted)


@router.post("/subscribers")
def add(request: Request, seen: OperatorViewer, db: Db, form: Annotated[SubscriberForm, Form()]) -> Response:
    """A new subscriber with a first key, which their page shows once."""
    field_of = field_of_subscriber
    try:
        with db.begin_nested():  # no subscriber without a key
            name = form.called()
            row = subscribers.add(db, name)
            if row is None:
                raise Invalid.at("body.name", "another subscriber has this name")
            field_of = field_of_key
            _, plain = keep.made(db, _asking(db, seen), row.id, form.told(name))
    except Invalid as refused:
        return _list(request, db, _FIRST, form, errors=_told(request, refused, field_of))
    return _shown_once(request, row.id, "added", plain)


@router.get("/subscribers/{subscriber_id}")
def one(request: Request, _: OperatorViewer, db: Db, subscriber_id: UUID, query: QueryOf[OneQuery]) -> Response:
    """One of them with their keys."""
    row = _found(db, subscriber_id)
    plain = once.look(request, f"subscriber {row.id}")
    answer = _draw(request, db, row, query, done=query.done, plain=plain)
    if plain:
        once.drop(request, answer)
    return answer


@router.post("/subscribers/{subscriber_id}/keys")
def give(
    request: Request, seen: OperatorViewer, db: Db, subscriber_id: UUID, form: Annotated[KeyForm, Form()]
) -> Response:
    """A further key, which shows once."""
    row = _found(db, subscriber_id)
    try:
        with db.begin_nested():
            _, plain = keep.made(db, _asking(db, seen), row.id, form.told())
    except Invalid as refused:
        return _draw(request, db, row, _FIRST, form=form, errors=_told(request, refused, field_of_key))
    return _shown_once(request, row.id, "given", plain)


@router.post("/subscribers/{subscriber_id}/keys/revoke")
def revoke(seen: OperatorViewer, db: Db, subscriber_id: UUID, form: Annotated[Revoked, Form()]) -> Response:
    """A key is good no longer, and neither are the sessions that began with it."""
    keep.revoke(seen, keep.found(db, subscriber_id, form.key))
    return _to(subscriber_id, "revoked")


@router.post("/subscribers/{subscriber_id}/delete")
def delete(
    request: Request, seen: OperatorViewer, db: Db, subscriber_id: UUID, form: Annotated[Leaving, Form()]
) -> Response:
    """A subscriber is no more, with all that is private; another name deletes nothing."""
    row = _found(db, subscriber_id)
    if form.name != row.name:
        refused = Invalid.at("leaving", "is not the subscriber's name: nothing was deleted")
        return _draw(request, db, row, _FIRST, errors=_told(request, refused, field_of_subscriber))
    store.delete(db, row.id)
    if subscriber_id != seen.subscriber_id:
        return RedirectResponse("/subscribers?deleted=true", HTTPStatus.SEE_OTHER)
    answer = RedirectResponse(SIGN_IN, HTTPStatus.SEE_OTHER)
    cookies.drop(request, answer, cookies.SESSION)
    return answer


def _found(db: Session, subscriber_id: UUID) -> Subscriber:
    row = store.find(db, subscriber_id)
    if row is None:
        raise not_found("subscriber")
    return row


def _asking(db: Session, seen: Visitor) -> Caller:
    """Who asks, with the end of the key that they signed in with: no key that it makes outlives it."""
    key = keys.find(db, seen.subscriber_id, seen.key_id) if seen.key_id else None
    return replace(seen, expires_at=key.expires_at if key else None)


def _told(request: Request, refused: Invalid, field_of: Any) -> dict[str, list[str]]:
    return refusals.at_fields(words(language_of(request)), refused, field_of)


def _to(subscriber_id: UUID, done: str) -> Response:
    return RedirectResponse(f"/subscribers/{subscriber_id}?done={done}#main", HTTPStatus.SEE_OTHER)


def _shown_once(request: Request, subscriber_id: UUID, done: str, plain: str) -> Response:
    answer = _to(subscriber_id, done)
    once.put(request, answer, f"subscriber {subscriber_id}", plain)
    return answer


def _list(request: Request, db: Session, query: PageQuery, form: SubscriberForm, **given: Any) -> Response:
    rows, following = store.page(db, query)
    shown = {"errors": {}, "deleted": False, **given}
    used = keys.used(db, (row.id for row in rows))
    return render(request, "subscribers.html", subscribers=rows, used=used, next=following, f=form, **shown)


def _draw(
    request: Request, db: Session, row: Subscriber, query: PageQuery, form: KeyForm | None = None, **given: Any
) -> Response:
    found, following = keys.page(db, row.id, query)
    shown = {"errors": {}, "done": "", "plain": "", **given}
    told = [(key, _state(key), in_force(key.scopes)) for key in found]
    filled = form or KeyForm(scopes=SCOPES)
    return render(request, "subscriber.html", row=row, keys=told, next=following, f=filled, **shown)


def _state(key: ApiKey) -> str:
    """How a key is, in one word."""
    if key.revoked_at:
        return "revoked"
    return "over" if key.expires_at and key.expires_at <= now() else "good"

"""`/v1/channels`: private to their subscriber."""

import math
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query
from sqlalchemy import null
from sqlalchemy.orm import Session

from alerts import confirm
from alerts.channels import CHANNELS
from alerts.store import release_waiting
from alerts.trial import trial
from api.body import JsonRoute
from api.deps import Caller, Db, Reader, Writer
from api.errors import Invalid, not_found
from api.pagination import Page, PageQuery
from api.resources.channels import config, store
from api.resources.channels.schemas import ChannelCreated, ChannelIn, ChannelOut, ChannelPatch, Kinds, TrialOut
from core import secrets, work
from core.clock import now
from core.models import Channel

OLD_SECRET_SIGNS = timedelta(hours=24)
router = APIRouter(prefix="/v1/channels", tags=["channels"], route_class=JsonRoute)


@router.get("", operation_id="list_channels", response_model=Page[ChannelOut])
def list_channels(asking: Reader, db: Db, query: Annotated[PageQuery, Query()]) -> Any:
    """Your channels, newest first."""
    rows, following = store.page(db, asking.subscriber_id, query)
    return {"items": [_shown(row) for row in rows], "next": following}


@router.post("", operation_id="create_channel", response_model=ChannelCreated, status_code=HTTPStatus.CREATED)
def create_channel(asking: Writer, db: Db, body: ChannelIn) -> Any:
    """A new place to send to. The answer holds its signing secret, which is never shown again."""
    kind = config.kind_of(body.kind)
    given = config.checked(kind, body.config)
    config.refuse_suppressed(db, kind, given)
    made = kind.new_secret(given)
    secret = made or kind.private(given)
    channel = Channel(
        subscriber_id=asking.subscriber_id,
        kind=kind.name,
        name=body.name,
        config=kind.public(given),
        secret=None if secret is None else secrets.seal(secret),
        enabled=body.enabled,
        to_owner=body.to_owner,
        **({"confirmed_at": null()} if confirm.is_needed(kind.name) else {}),
    )
    store.save(db, channel)
    if channel.confirmed_at is None:
        _ask(db, channel)
    return {**_shown(channel), "secret": made}


@router.get("/kinds", operation_id="list_channel_kinds", response_model=Kinds)
def list_channel_kinds(_: Reader) -> Any:
    """The kinds of channel, each with the JSON schema of its `config`."""
    return {"items": [{"name": kind.name, "config": kind.Config.model_json_schema()} for kind in CHANNELS]}


@router.get("/{channel_id}", operation_id="get_channel", response_model=ChannelOut)
def get_channel(asking: Reader, db: Db, channel_id: UUID) -> Any:
    """One of your channels."""
    return _shown(_found(db, asking, channel_id))


@router.patch("/{channel_id}", operation_id="update_channel", response_model=ChannelOut)
def update_channel(asking: Writer, db: Db, channel_id: UUID, body: ChannelPatch) -> Any:
    """Rename it, give it another config, or switch it on or off."""
    channel, given = _found(db, asking, channel_id), body.model_dump(exclude_unset=True)
    before = channel.config
    if "config" in given:
        kind = config.kind_of(channel.kind)
        told = config.checked(kind, given["config"])
        config.refuse_suppressed(db, kind, told)
        given["config"] = kind.public(told)
        if private := kind.private(told):
            channel.secret = secrets.seal(private)
    for field, value in given.items():
        setattr(channel, field, value)
    if given.get("enabled"):
        config.refuse_suppressed(db, config.kind_of(channel.kind), channel.config, field="enabled")
        channel.disabled_reason = channel.failing_since = channel.probe_at = None
        channel.failures = 0
    is_asked = confirm.is_needed(channel.kind) and channel.config["to"].lower() != before["to"].lower()
    if is_asked:
        channel.confirmed_at = None
    elif given.get("enabled") and not confirm.is_needed(channel.kind):
        channel.confirmed_at = channel.confirmed_at or now()
    shown = _shown(store.save(db, channel))
    if is_asked:
        _ask(db, channel)
    if given.get("enabled") or given.get("paused") is False:
        release_waiting(db, channel.id)
    return shown


@router.post("/{channel_id}/rotate", operation_id="rotate_channel_secret", response_model=ChannelCreated)
def rotate_channel_secret(asking: Writer, db: Db, channel_id: UUID) -> Any:
    """A new signing secret, shown this once. For 24 hours the old one signs too, so that you change over in between."""
    channel = _found(db, asking, channel_id)
    secret = config.kind_of(channel.kind).new_secret(channel.config)
    if secret is None:
        raise Invalid.at("channel_id", f"a {channel.kind} channel has no secret of Yinqi's making")
    channel.old_secret, channel.old_secret_until = channel.secret, now() + OLD_SECRET_SIGNS
    channel.secret = secrets.seal(secret)
    return {**_shown(store.save(db, channel)), "secret": secret}


@router.post(
    "/{channel_id}/test", operation_id="test_channel", response_model=TrialOut, status_code=HTTPStatus.ACCEPTED
)
def test_channel(asking: Writer, db: Db, channel_id: UUID) -> Any:
    """Send a test alert, as every alert is sent; what came of it stands in the delivery that is answered."""
    channel = _found(db, asking, channel_id)
    if not channel.enabled:
        raise Invalid.at("channel_id", f"the channel is disabled: {channel.disabled_reason or 'by its owner'}")
    if channel.confirmed_at is None:
        raise Invalid.at("channel_id", f"{channel.config['to']} was not confirmed yet by whoever reads it")
    delivery = trial(channel)
    db.add(delivery)
    db.flush()
    work.announce(db, work.DELIVER, delivery.id)
    return {"delivery": delivery.id}


@router.post(
    "/{channel_id}/confirm", operation_id="confirm_channel", response_model=TrialOut, status_code=HTTPStatus.ACCEPTED
)
def confirm_channel(asking: Writer, db: Db, channel_id: UUID) -> Any:
    """Ask the address of an e-mail channel once more to confirm; what came of it stands in the delivery."""
    channel = _found(db, asking, channel_id)
    if channel.confirmed_at is not None:
        raise Invalid.at("channel_id", "the channel needs no confirmation")
    config.refuse_suppressed(db, config.kind_of(channel.kind), channel.config, field="to")
    return {"delivery": _ask(db, channel)}


@router.delete("/{channel_id}", operation_id="delete_channel", status_code=HTTPStatus.NO_CONTENT)
def delete_channel(asking: Writer, db: Db, channel_id: UUID) -> None:
    """Send there no more; its deliveries leave the log."""
    store.remove(db, _found(db, asking, channel_id))


def _ask(db: Session, channel: Channel) -> UUID:
    """Ask the channel's address to confirm; 429 where it, or the caller, was heard too often."""
    try:
        delivery = confirm.ask(db, channel)
    except confirm.TooOften as error:
        later = {"retry-after": str(math.ceil(error.retry_after))}
        raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS, str(error), later) from None
    work.announce(db, work.DELIVER, delivery.id)
    return delivery.id


def _found(db: Session, asking: Caller, channel_id: UUID) -> Channel:
    channel = store.find(db, asking.subscriber_id, channel_id)
    if channel is None:
        raise not_found("channel")
    return channel


def _shown(row: Channel) -> dict[str, Any]:
    return {field: getattr(row, field) for field in ChannelOut.model_fields}

"""Makes, changes and tries the channels of one subscriber; for the API's routes and the pages alike."""

import math
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import HTTPException
from sqlalchemy import null
from sqlalchemy.orm import Session

from alerts import confirm
from alerts.store import release_waiting
from alerts.trial import trial
from api.errors import Invalid, not_found
from api.resources.channels import config, store
from core import secrets, work
from core.clock import now
from core.models import Channel

OLD_SECRET_SIGNS = timedelta(hours=24)


def found(session: Session, owner: UUID, channel_id: UUID) -> Channel:
    """One of the owner's channels; 404 for what is not there and what is another's."""
    channel = store.find(session, owner, channel_id)
    if channel is None:
        raise not_found("channel")
    return channel


def made(session: Session, owner: UUID, given: dict[str, Any]) -> tuple[Channel, str | None]:
    """A new channel of `kind`, `name`, `config`, `enabled` and `to_owner`, and its signing secret, which nobody can
    tell again; Invalid where the config cannot work."""
    kind = config.kind_of(given["kind"])
    told = config.checked(kind, given["config"])
    config.refuse_suppressed(session, kind, told)
    secret = kind.new_secret(told)
    sealed = secret or kind.private(told)
    channel = Channel(
        subscriber_id=owner,
        kind=kind.name,
        name=given["name"],
        config=kind.public(told),
        secret=None if sealed is None else secrets.seal(sealed),
        enabled=given["enabled"],
        to_owner=given["to_owner"],
        **({"confirmed_at": null()} if confirm.is_needed(kind.name) else {}),
    )
    store.save(session, channel)
    if channel.confirmed_at is None:
        _ask(session, channel)
    return channel, secret


def changed(session: Session, channel: Channel, given: dict[str, Any]) -> Channel:
    """The channel with the given fields set; what waited for it to be switched on goes out."""
    given, before = dict(given), channel.config
    if "config" in given:
        given["config"] = _judged(session, channel, given["config"])
    for field, value in given.items():
        setattr(channel, field, value)
    if given.get("enabled"):
        config.refuse_suppressed(session, config.kind_of(channel.kind), channel.config, field="enabled")
        channel.disabled_reason = channel.failing_since = channel.probe_at = None
        channel.failures = 0
    is_asked = confirm.is_needed(channel.kind) and channel.config["to"].lower() != before["to"].lower()
    if is_asked:
        channel.confirmed_at = None
    elif given.get("enabled") and not confirm.is_needed(channel.kind):
        channel.confirmed_at = channel.confirmed_at or now()
    store.save(session, channel)
    if is_asked:
        _ask(session, channel)
    if given.get("enabled") or given.get("paused") is False:
        release_waiting(session, channel.id)
    return channel


def _judged(session: Session, channel: Channel, given: dict[str, Any]) -> dict[str, Any]:
    """What of a new config may be shown; the rest is sealed in the channel."""
    kind = config.kind_of(channel.kind)
    told = config.checked(kind, given)
    config.refuse_suppressed(session, kind, told)
    if private := kind.private(told):
        channel.secret = secrets.seal(private)
    return kind.public(told)


def rotated(session: Session, channel: Channel) -> str:
    """A new signing secret; for 24 hours the old one signs too."""
    secret = config.kind_of(channel.kind).new_secret(channel.config)
    if secret is None:
        raise Invalid.at("channel_id", f"a {channel.kind} channel has no secret of Yinqi's making")
    channel.old_secret, channel.old_secret_until = channel.secret, now() + OLD_SECRET_SIGNS
    channel.secret = secrets.seal(secret)
    store.save(session, channel)
    return secret


def tried(session: Session, channel: Channel) -> UUID:
    """The delivery of a test alert, which is sent as every alert is."""
    if not channel.enabled:
        raise Invalid.at("channel_id", f"the channel is disabled: {channel.disabled_reason or 'by its owner'}")
    if channel.confirmed_at is None:
        raise Invalid.at("channel_id", f"{channel.config['to']} was not confirmed yet by whoever reads it")
    delivery = trial(channel)
    session.add(delivery)
    session.flush()
    work.announce(session, work.DELIVER, delivery.id)
    return delivery.id


def asked_again(session: Session, channel: Channel) -> UUID:
    """The delivery that asks the address of an e-mail channel once more to confirm."""
    if channel.confirmed_at is not None:
        raise Invalid.at("channel_id", "the channel needs no confirmation")
    config.refuse_suppressed(session, config.kind_of(channel.kind), channel.config, field="to")
    return _ask(session, channel)


def _ask(session: Session, channel: Channel) -> UUID:
    """Ask the channel's address to confirm; 429 where it, or the caller, was heard too often."""
    try:
        delivery = confirm.ask(session, channel)
    except confirm.TooOften as error:
        later = {"retry-after": str(math.ceil(error.retry_after))}
        raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS, str(error), later) from None
    work.announce(session, work.DELIVER, delivery.id)
    return delivery.id

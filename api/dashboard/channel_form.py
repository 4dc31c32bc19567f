"""The form of a channel: which fields each kind has, and what the API takes of them."""

from typing import Any

from sqlalchemy.orm import Session

from alerts import suppression
from alerts.channels.email import Email
from alerts.circuit import OPEN_AFTER
from api.dashboard.forms import Filled
from core.models import Channel

FIELDS = {
    "webhook": ("url",),
    "email": ("to",),
    "dingtalk": ("url", "secret"),
    "feishu": ("url", "secret"),
    "wecom": ("url",),
    "apprise": ("address",),
}
"""What is asked for each kind (alerts/channels), in the order of the form."""
HIDDEN = ("dingtalk", "feishu", "wecom", "apprise")
"""Kinds whose config nobody sees again: left empty, it stays."""


class ChannelForm(Filled):
    """Every field as it stands in the form; those of other kinds are not sent."""

    kind: str = ""
    name: str = ""
    url: str = ""
    to: str = ""
    secret: str = ""
    address: str = ""
    enabled: bool = False
    to_owner: bool = False


def of_row(row: Channel) -> ChannelForm:
    """The form of a saved channel, without what is hidden."""
    told = {} if row.kind in HIDDEN else {name: str(row.config.get(name, "")) for name in FIELDS[row.kind]}
    return ChannelForm(kind=row.kind, name=row.name, enabled=row.enabled, to_owner=row.to_owner, **told)


def config(form: ChannelForm, kind: str) -> dict[str, Any]:
    """The config that was filled in."""
    told = {name: getattr(form, name).strip() for name in FIELDS.get(kind, ())}
    return {name: value for name, value in told.items() if value}


def asked(form: ChannelForm) -> dict[str, Any]:
    """What the API takes of a new channel."""
    plain = {"name": form.name.strip(), "enabled": form.enabled, "to_owner": form.to_owner}
    return {"kind": form.kind, "config": config(form, form.kind), **plain}


def changes(form: ChannelForm, row: Channel) -> dict[str, Any]:
    """What of a saved channel is other in the form; a config that stays is not sealed anew."""
    given: dict[str, Any] = {"name": form.name.strip(), "enabled": form.enabled, "to_owner": form.to_owner}
    told = config(form, row.kind)
    stays = not told if row.kind in HIDDEN else told == row.config
    return {name: value for name, value in given.items() if value != getattr(row, name)} | (
        {} if stays else {"config": told}
    )


def field_of(path: str) -> str:
    """Which field of the form is what the API calls `body.config.url`; "" for the whole."""
    last = path.rpartition(".")[2]
    return last if last in ChannelForm.model_fields else ""


def state(session: Session, row: Channel) -> str:
    """How a channel is, in one word: suppressed, off, pending, paused, open (its circuit), failing or well."""
    if row.kind == Email.name and suppression.why(session, str(row.config["to"])):
        return "suppressed"
    if not row.enabled:
        return "off"
    if row.confirmed_at is None:
        return "pending"
    if row.paused:
        return "paused"
    return "open" if row.failures >= OPEN_AFTER else "failing" if row.failures else "well"

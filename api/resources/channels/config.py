"""Judges a channel's config before it is kept: by its kind's own schema, and by where its address leads."""

import json
from typing import Any

import httpx
from sqlalchemy.orm import Session

from alerts import suppression
from alerts.channels import ChannelKind, find
from alerts.channels.email import Email
from api import errors
from api.errors import Invalid
from core.errors import YinqiError
from core.http import DnsFailure
from core.http.backend import Guard, system_resolve
from core.settings import settings


def kind_of(name: str) -> ChannelKind:
    """The kind of that name; Invalid lists the known ones."""
    try:
        return find(name)
    except LookupError as error:
        raise Invalid.at("body.kind", str(error.args[0])) from None


def checked(kind: ChannelKind, config: dict[str, Any]) -> dict[str, Any]:
    """The config in normal form; Invalid names each field that is wrong, or the address that is refused."""
    given = errors.checked(kind.Config, config, under="body.config").model_dump(mode="json")
    if "\\u0000" in json.dumps(given).replace("\\\\", ""):
        raise Invalid.at("body.config", "contains a NUL character")  # PostgreSQL's jsonb cannot hold it
    if "url" in given:
        _check_address(given["url"])
    return given


def _check_address(url: str) -> None:
    """Refuse a host that leads inside. It is judged again at each connection; here it is told while one can mend it."""
    parsed = httpx.URL(url)
    port = parsed.port or {"http": 80, "https": 443}[parsed.scheme]
    try:
        Guard(allow=settings().networks, resolve=system_resolve).addresses(parsed.host, port)
    except DnsFailure:
        return  # the API may stand where names outside are not known (docker-compose.yml); alerts judges them itself
    except YinqiError as error:
        raise Invalid.at("body.config.url", str(error)) from None


def refuse_suppressed(session: Session, kind: ChannelKind, given: dict[str, Any], *, field: str = "config.to") -> None:
    """Refuse an e-mail address that is written to no more, with the reason."""
    if kind.name == Email.name and (reason := suppression.why(session, given["to"])):
        raise Invalid.at(f"body.{field}", reason)

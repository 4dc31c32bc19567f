"""`/v1/unsubscribe`: open to whoever holds a message; the ticket in its address is the proof (RFC 8058)."""

from functools import lru_cache
from hmac import compare_digest
from pathlib import Path
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from jinja2 import Template
from sqlalchemy.orm import Session

from api.deps import Db
from api.errors import not_found
from core.models import Channel
from core.secrets import unseal

router = APIRouter(prefix="/v1/unsubscribe", tags=["mail"], default_response_class=HTMLResponse)
REASON = "unsubscribed by its recipient"


@router.get("/{ticket}", operation_id="show_unsubscribe")
def show_unsubscribe(db: Db, ticket: str) -> HTMLResponse:
    """A page that asks; mail scanners follow links, so that looking ends nothing."""
    return _page(_found(db, ticket), ended=False)


@router.post("/{ticket}", operation_id="unsubscribe")
def unsubscribe(db: Db, ticket: str) -> HTMLResponse:
    """Switch the channel off, as mail programs ask with one click; its owner sees why, and may switch it on again."""
    channel = _found(db, ticket)
    channel.enabled, channel.disabled_reason = False, REASON
    return _page(channel, ended=True)


def _found(db: Session, ticket: str) -> Channel:
    """The mail channel of a ticket (its id, a dot, its token); one answer for all that is none."""
    named, _, token = ticket.partition(".")
    try:
        channel = db.get(Channel, UUID(named))
    except ValueError:
        raise not_found("message") from None
    if channel is None or channel.kind != "email" or channel.secret is None:
        raise not_found("message")
    try:
        own = unseal(channel.secret)
    except ValueError:
        raise not_found("message") from None
    if not compare_digest(own.encode(), token.encode()):
        raise not_found("message")
    return channel


def _page(channel: Channel, *, ended: bool) -> HTMLResponse:
    return HTMLResponse(_template().render(to=channel.config["to"], ended=ended))


@lru_cache
def _template() -> Template:
    made: Template = Template((Path(__file__).parent / "page.html").read_text("utf-8"), autoescape=True)
    return made

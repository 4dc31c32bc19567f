"""`/v1/unsubscribe`, `/v1/confirm`: open to whoever holds a message; the ticket in it is the proof (RFC 8058)."""

from functools import lru_cache
from hmac import compare_digest
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from jinja2 import Template
from sqlalchemy.orm import Session

from alerts import confirm as optin
from alerts import suppression
from alerts import ticket as tickets
from alerts.disable import disable
from alerts.store import release_waiting
from alerts.ticket import Ticket
from api.deps import Db
from api.errors import not_found
from core.clock import now
from core.models import Channel
from core.secrets import unseal

router = APIRouter(prefix="/v1", tags=["mail"], default_response_class=HTMLResponse)
_TOO_OLD: dict[int | str, dict[str, Any]] = {
    410: {
        "description": "A page that says that the link is too old",
        "content": {"text/html": {"schema": {"type": "string"}}},
    }
}
REASON = "unsubscribed by its recipient"
REFUSED = "its recipient wants no more questions"


@router.get("/unsubscribe/{ticket}", operation_id="show_unsubscribe")
def show_unsubscribe(db: Db, ticket: str) -> HTMLResponse:
    """A page that asks; mail scanners follow links, so that looking ends nothing."""
    return _page("asks_end", _recipients(db, ticket))


@router.post("/unsubscribe/{ticket}", operation_id="unsubscribe")
def unsubscribe(db: Db, ticket: str) -> HTMLResponse:
    """Switch the channel off, as mail programs ask with one click; its owner sees why. It may be switched on again, and
    sends again once the address is confirmed anew."""
    channel = _recipients(db, ticket)
    if channel.enabled and channel.confirmed_at is None:  # the question itself was unwanted
        suppression.suppress(db, channel.config["to"], "refusal", REFUSED)
    else:
        disable(db, channel.id, "unsubscribed", REASON)
        if optin.is_needed(channel.kind):
            channel.confirmed_at = None
    return _page("ended", channel)


@router.get("/confirm/{ticket}", operation_id="show_confirm", responses=_TOO_OLD)
def show_confirm(db: Db, ticket: str) -> HTMLResponse:
    """A page that asks; mail scanners follow links, so that looking agrees to nothing."""
    proof, channel = _asked(db, ticket)
    if channel.confirmed_at is not None:
        return _page("confirmed", channel)
    return _page("over", channel, HTTPStatus.GONE) if proof.is_over(now()) else _page("asks_begin", channel)


@router.post("/confirm/{ticket}", operation_id="confirm", responses=_TOO_OLD)
def confirm(db: Db, ticket: str) -> HTMLResponse:
    """Agree to the alerts of a channel; twice changes nothing, and a link that is too old does nothing (410)."""
    proof, channel = _asked(db, ticket)
    if channel.confirmed_at is None:
        if proof.is_over(now()):
            return _page("over", channel, HTTPStatus.GONE)
        channel.confirmed_at = now()
        release_waiting(db, channel.id)
    return _page("confirmed", channel)


def _recipients(db: Session, ticket: str) -> Channel:
    """The mail channel of a ticket (its id, a dot, its token); one answer for all that is none."""
    named, _, token = ticket.partition(".")
    channel, own = _channel(db, named)
    if not compare_digest(own.encode(), token.encode()):
        raise not_found("message")
    return channel


def _asked(db: Session, ticket: str) -> tuple[Ticket, Channel]:
    """The proof in a confirmation's link, and the channel it is for, held until the transaction ends."""
    try:
        proof = tickets.read(ticket)
    except ValueError:
        raise not_found("message") from None
    channel, token = _channel(db, proof.channel_id)
    if not proof.is_good(token, channel.config["to"]):
        raise not_found("message")
    return proof, channel


def _channel(db: Session, named: str) -> tuple[Channel, str]:
    """The mail channel of an id, and its token; 404 where there is none."""
    try:
        channel = db.get(Channel, UUID(named), with_for_update={"key_share": True})
        if channel is not None and channel.kind == "email" and channel.secret is not None:
            return channel, unseal(channel.secret)
    except ValueError:
        pass
    raise not_found("message")


def _page(says: str, channel: Channel, status: HTTPStatus = HTTPStatus.OK) -> HTMLResponse:
    return HTMLResponse(_template().render(to=channel.config["to"], says=says), status)


@lru_cache
def _template() -> Template:
    made: Template = Template((Path(__file__).parent / "page.html").read_text("utf-8"), autoescape=True)
    return made

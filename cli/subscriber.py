"""`yinqi subscriber`: who may use the API. A key is printed once and kept only as its hash."""

from datetime import datetime
from secrets import token_urlsafe
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts import suppression
from alerts.channels.email import Email, checked
from cli.reach import installation
from cli.subscriber_delete import delete
from core import database, keys, secrets, subscribers
from core.clock import now, read_moment
from core.errors import RejectedInput
from core.models import ApiKey, Channel, Subscriber

subscriber = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Add and list the subscribers, who hold the API's keys."
)
OWNER = "owner"  # name of the channel that is made for a subscriber's own address
MailTo = Annotated[str | None, typer.Option(help="Where the subscriber is told of channels that were disabled.")]
Scopes = Annotated[str, typer.Option(help="Comma-separated: read, write, admin (push articles, edit registers).")]
Expires = Annotated[str | None, typer.Option(help="Until when the key is good: an ISO date or date-time.")]
_SHOWN_ONCE = "This is the only time that the key is shown."


@subscriber.command()
def add(name: str, scopes: Scopes = "read,write", expires: Expires = None, mail: MailTo = None) -> None:
    """Add a subscriber and print its key, this once."""
    chosen, until = _scopes(scopes), _until(expires)
    if not name.strip():
        raise RejectedInput("a subscriber needs a name and at least one scope")
    with installation(), database.transaction() as session:
        made = subscribers.add_with_key(session, name.strip(), chosen, expires_at=until)
        if mail is not None:
            _reach(session, name.strip(), mail)
    typer.echo(made)
    typer.echo(_SHOWN_ONCE, err=True)


@subscriber.command("key")
def key_(
    name: str,
    scopes: Scopes = "read,write",
    expires: Expires = None,
    label: Annotated[str | None, typer.Option(help="What the key is called.")] = None,
) -> None:
    """Give a subscriber a further key and print it, this once."""
    chosen, until = _scopes(scopes), _until(expires)
    with installation(), database.transaction() as session:
        _, made = subscribers.add_key(session, _named(session, name).id, chosen, name=label, expires_at=until)
    typer.echo(made)
    typer.echo(_SHOWN_ONCE, err=True)


@subscriber.command("revoke")
def revoke(prefix: Annotated[str, typer.Argument(help="How the key begins, as `list` shows it.")]) -> None:
    """Make a key good no longer, at once and for ever."""
    with installation(), database.transaction() as session:
        found = session.scalars(select(ApiKey).where(ApiKey.prefix == prefix.strip().rstrip("…"))).all()
        if len(found) != 1:
            raise RejectedInput(f"{len(found) or 'no'} keys begin with {prefix!r}: name one as `list` shows it")
        found[0].revoked_at = found[0].revoked_at or now()
        owner = found[0].subscriber.name
    typer.echo(f"{prefix} of {owner} is revoked")


def _scopes(given: str) -> tuple[str, ...]:
    chosen = [scope.strip() for scope in given.split(",") if scope.strip()]
    if not chosen:
        raise RejectedInput("a subscriber needs a name and at least one scope")
    try:
        return keys.in_force(chosen)
    except ValueError as error:
        raise RejectedInput(f"--scopes: {error}") from None


def _until(given: str | None) -> datetime | None:
    try:
        until = read_moment(given) if given else None
    except ValueError as error:
        raise RejectedInput(f"--expires: {error}") from None
    if until and until <= now():
        raise RejectedInput(f"--expires: {given} is over already")
    return until


def _named(session: Session, name: str) -> Subscriber:
    owner = subscribers.named(session, name.strip())
    if owner is None:
        raise RejectedInput(f"no subscriber is called {name.strip()!r}")
    return owner


@subscriber.command("reach")
def reach(name: str, mail: str) -> None:
    """Set the e-mail address at which a subscriber is told of channels that were disabled."""
    with installation(), database.transaction() as session:
        _reach(session, name.strip(), mail)
    typer.echo(f"{name.strip()} is told at {mail}")


def _reach(session: Session, name: str, mail: str) -> None:
    """A channel of the subscriber's to its owner: the operator vouches for the address, so that it need not confirm."""
    owner = _named(session, name)
    try:
        config = {"to": checked(mail)}
    except ValueError as error:
        raise RejectedInput(f"--mail: {error}") from None
    if reason := suppression.why(session, mail):
        raise RejectedInput(f"--mail: {reason}")
    found = session.scalar(select(Channel).where(Channel.subscriber_id == owner.id, Channel.name == OWNER))
    channel = found or Channel(subscriber_id=owner.id, kind=Email.name, name=OWNER)
    if channel.kind != Email.name:
        raise RejectedInput(f"{name} has a channel called {OWNER!r} of another kind")
    channel.config, channel.secret = config, secrets.seal(token_urlsafe(24))
    channel.enabled, channel.disabled_reason, channel.to_owner = True, None, True
    channel.confirmed_at = now()
    session.add(channel)


subscriber.command("delete")(delete)


@subscriber.command("list")
def list_() -> None:
    """List the subscribers with the beginnings of their keys."""
    table = Table("name", "key", "called", "scopes", "since", "until", "last used")
    with installation(), database.transaction() as session:
        rows = session.execute(select(Subscriber, ApiKey).outerjoin(ApiKey).order_by(Subscriber.created_at, ApiKey.id))
        for owner, key in rows:
            table.add_row(owner.name, *(_told(key) if key else ("none", "", "", "", "", "")))
    Console().print(table)


def _told(key: ApiKey) -> tuple[str, ...]:
    since, until, used = map(_day, (key.created_at, key.revoked_at or key.expires_at, key.last_used_at))
    ends = f"revoked {until}" if key.revoked_at else until
    return f"{key.prefix}…", key.name or "", ", ".join(keys.in_force(key.scopes)), since, ends, used


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""

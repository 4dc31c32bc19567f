"""`yinqi subscriber`: who may use the API. A key is printed once and kept only as its hash."""

from secrets import token_urlsafe
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts import suppression
from alerts.channels.email import Email, checked
from cli.prepare import add_subscriber
from cli.reach import installation
from cli.subscriber_delete import delete
from core import database, keys, secrets
from core.clock import now
from core.errors import RejectedInput
from core.models import ApiKey, Channel, Subscriber

subscriber = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Add and list the subscribers, who hold the API's keys."
)
OWNER = "owner"  # name of the channel that is made for a subscriber's own address
MailTo = Annotated[str | None, typer.Option(help="Where the subscriber is told of channels that were disabled.")]
Scopes = Annotated[str, typer.Option(help="Comma-separated: read, write, operator (push articles, edit registers).")]


@subscriber.command()
def add(name: str, scopes: Scopes = "read,write", mail: MailTo = None) -> None:
    """Add a subscriber and print its key, this once."""
    chosen = tuple(dict.fromkeys(scope.strip() for scope in scopes.split(",") if scope.strip()))
    if unknown := [scope for scope in chosen if scope not in keys.SCOPES]:
        raise RejectedInput(f"--scopes: {unknown[0]!r} is none of {', '.join(keys.SCOPES)}")
    if not chosen or not name.strip():
        raise RejectedInput("a subscriber needs a name and at least one scope")
    with installation(), database.transaction() as session:
        if session.scalar(select(Subscriber.id).where(Subscriber.name == name.strip())):
            raise RejectedInput(f"there is a subscriber called {name.strip()!r} already")
        key = add_subscriber(session, name.strip(), chosen)
        if mail is not None:
            _reach(session, name.strip(), mail)
    typer.echo(key)
    typer.echo("This is the only time that the key is shown.", err=True)


@subscriber.command("reach")
def reach(name: str, mail: str) -> None:
    """Set the e-mail address at which a subscriber is told of channels that were disabled."""
    with installation(), database.transaction() as session:
        _reach(session, name.strip(), mail)
    typer.echo(f"{name.strip()} is told at {mail}")


def _reach(session: Session, name: str, mail: str) -> None:
    """A channel of the subscriber's to its owner: the operator vouches for the address, so that it need not confirm."""
    owner = session.scalar(select(Subscriber).where(Subscriber.name == name))
    if owner is None:
        raise RejectedInput(f"no subscriber is called {name!r}")
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
    table = Table("name", "key", "scopes", "since", "until")
    with installation(), database.transaction() as session:
        rows = session.execute(select(Subscriber, ApiKey).outerjoin(ApiKey).order_by(Subscriber.created_at))
        for owner, key in rows:
            told = (f"{key.prefix}…", ", ".join(key.scopes)) if key else ("none", "")
            ends = key and (key.revoked_at or key.expires_at)
            table.add_row(owner.name, *told, f"{owner.created_at:%Y-%m-%d}", f"{ends:%Y-%m-%d}" if ends else "")
    Console().print(table)

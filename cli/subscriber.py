"""`yinqi subscriber`: who may use the API. A key is printed once and kept only as its hash."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from cli.prepare import add_subscriber
from cli.reach import installation
from core import database, keys
from core.errors import RejectedInput
from core.models import ApiKey, Subscriber

subscriber = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Add and list the subscribers, who hold the API's keys."
)
Scopes = Annotated[str, typer.Option(help="Comma-separated: read, write, operator (push articles, edit registers).")]


@subscriber.command()
def add(name: str, scopes: Scopes = "read,write") -> None:
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
    typer.echo(key)
    typer.echo("This is the only time that the key is shown.", err=True)


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

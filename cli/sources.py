"""`yinqi sources`: where articles come from. The default feeds are off until switched on."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from cli.reach import installation
from cli.sources_add import add
from cli.sources_opml import export, import_
from core import database
from core.errors import RejectedInput
from core.models import Source

sources = typer.Typer(
    no_args_is_help=True, add_completion=False, help="List, add and switch the sources that articles come from."
)
Which = Annotated[str, typer.Argument(help="Name, address or id of the source.")]
sources.command("add")(add)
sources.command("import")(import_)
sources.command("export")(export)


@sources.command("list")
def list_() -> None:
    """List the sources with their state."""
    table = Table("on", "name", "kind", Column("address", overflow="fold"), "last success", "trouble")
    with installation(), database.transaction() as session:
        for source in session.scalars(select(Source).order_by(Source.enabled.desc(), Source.name)):
            seen = f"{source.last_success_at:%Y-%m-%d %H:%M} UTC" if source.last_success_at else "never"
            trouble = source.last_error or "" if source.failures else ""
            table.add_row("on" if source.enabled else "off", source.name, source.kind, source.url, seen, trouble)
    Console(soft_wrap=True).print(table)


@sources.command()
def enable(which: Which) -> None:
    """Switch a source on; it is polled at once."""
    _switch(which, on=True)


@sources.command()
def disable(which: Which) -> None:
    """Switch a source off; its articles stay."""
    _switch(which, on=False)


def _switch(which: str, *, on: bool) -> None:
    with installation(), database.transaction() as session:
        source = _found(session, which)
        source.enabled = on
        if on:
            source.due_at = func.now()
        typer.echo(f"switched {'on' if on else 'off'}: {source.name}")


def _found(session: Session, which: str) -> Source:
    same = or_(Source.name == which, Source.url == which, func.text(Source.id) == which)
    found = session.scalars(select(Source).where(same)).all()
    if len(found) != 1:
        raise RejectedInput(f"{which!r}: {len(found) or 'no'} sources are called so (see `yinqi sources list`)")
    return found[0]

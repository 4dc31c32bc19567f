"""`yinqi events`: the history, asked of the API."""

from typing import Annotated, Any
from uuid import UUID

import typer

from cli import shown
from cli.filters import takes_filters
from cli.remote import api
from cli.shown import Json, Limit

events = typer.Typer(no_args_is_help=True, add_completion=False, help="Events: who financed whom.")


@events.command("list")
@takes_filters
def list_(
    limit: Limit = 50,
    all_: Annotated[bool, typer.Option("--all", help="Retracted and merged events too.")] = False,
    json: Json = False,
    **filters: Any,
) -> None:
    """List events, newest first."""
    with api() as yinqi:
        asked = {**filters, "state": "all" if all_ else None, "evidence": None if json else "none"}
        found = shown.items(yinqi.events(limit=shown.page(limit), **asked), limit)
        (shown.as_json if json else shown.events)(found)


@events.command()
def show(event: UUID, json: Json = False) -> None:
    """Show one event with every article that tells it."""
    with api() as yinqi:
        found = yinqi.event(event)
    if json:
        shown.as_json([found])
        return
    console = shown.console()
    console.print("  ".join(filter(None, shown.cells(found))), markup=False)
    console.print(f"{found.state}, version {found.version}, first seen {found.first_seen:%Y-%m-%d %H:%M} UTC")
    for told in found.evidence or ():
        where = " ".join(filter(None, (told.source, told.title, told.url)))
        console.print(f"\n“{told.quote}”\n  {where}", markup=False)

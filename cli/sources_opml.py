"""`yinqi sources import` and `export`: lists of sources as OPML, from and for other readers."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from cli.reach import installation
from core import database
from core.models import Source
from ingest import opml
from ingest.formats import KINDS

File = Annotated[Path, typer.Argument(metavar="FILE.opml", help="The list; '-': standard input.")]
Target = Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Where to; standard output if none.")]
On = Annotated[bool | None, typer.Option("--on/--off", help="Switch all of them on, or off; else as the file says.")]


def import_(file: File, on: On = None) -> None:
    """Add the sources of an OPML file; those that are there already stay as they are. Exit code 1 where one is bad."""
    content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    entries: dict[str, opml.Entry] = {}
    bad = again = 0
    for one in opml.read(content, name=str(file), kinds=KINDS):
        if isinstance(one, opml.BadOutline):
            bad += 1
            typer.echo(f"yinqi: {one}", err=True)
        else:
            again += one.url in entries
            entries.setdefault(one.url, one)
    with installation():
        added = _add(entries, on)
    typer.echo(f"{added} added, {len(entries) - added + again} there already, {bad} bad")
    if bad:
        raise typer.Exit(1)


def export(file: Target = None) -> None:
    """Write all sources as OPML."""
    with installation(), database.transaction() as session:
        content = opml.write(session.scalars(select(Source).order_by(Source.created_at, Source.id)))
    if file is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    else:
        file.write_bytes(content)


def _add(entries: dict[str, opml.Entry], on: bool | None) -> int:
    switched = {} if on is None else {"enabled": on}
    rows = [{"enabled": True, **opml.values(one), **switched} for one in entries.values()]
    if not rows:
        return 0
    statement = insert(Source).on_conflict_do_nothing(index_elements=["url"]).returning(Source.id)
    with database.transaction() as session:
        return len(session.scalars(statement, rows).all())

"""`yinqi export`: any filtered list into a file."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn, TransferSpeedColumn

from cli.filters import takes_filters
from cli.remote import api
from core.errors import RejectedInput

_WHAT = ("events", "articles", "banks", "firms", "deliveries")


@takes_filters
def export(
    what: Annotated[str, typer.Argument(help=f"One of {', '.join(_WHAT)}.")],
    file: Annotated[Path, typer.Argument(help="The file; its suffix says the format.")],
    format: Annotated[str | None, typer.Option(help="csv, xlsx, jsonl or parquet, whatever the suffix.")] = None,
    zh: Annotated[bool, typer.Option("--zh", help="Chinese headings (csv and xlsx).")] = False,
    state: Annotated[str | None, typer.Option(help="State of events (all), articles or deliveries.")] = None,
    q: Annotated[str | None, typer.Option(help="The beginning of a bank's or firm's name.")] = None,
    kind: Annotated[str | None, typer.Option(help="Kind of banks.")] = None,
    **filters: Any,
) -> None:
    """Take a list away as a file, which is there when it is whole."""
    if what not in _WHAT:
        raise RejectedInput(f"{what!r} is none of {', '.join(_WHAT)}")
    if not file.parent.is_dir():
        raise RejectedInput(f"{file}: there is no folder {file.parent}")
    asked = {**filters, "state": state, "q": q, "kind": kind, "headings": "zh" if zh else "names"}
    with api() as yinqi, _bar() as bar:
        task = bar.add_task(file.name, total=None)
        size = yinqi.export(what, file, format=format, progress=lambda n: bar.update(task, completed=n), **asked)  # type: ignore[arg-type]
    typer.echo(f"{file}: {size:,} bytes")


def _bar() -> Progress:
    """How much came and how fast; how much there will be is known at the end only."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeElapsedColumn(),
    )
    console = Console(file=sys.stderr)
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)

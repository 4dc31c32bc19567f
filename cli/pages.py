"""Pages that a backfill left to the ingest service: how many still wait, shown until none does, or nobody fetches."""

import time
from collections.abc import Callable

import typer
from rich.console import Console

from core import database
from ingest.files import store

EVERY = 1.0
"""Seconds between two looks."""
PATIENCE = 30.0
"""Seconds without a page fetched after which nobody seems to be at work."""


def follow(*, patience: float = PATIENCE, pause: Callable[[float], None] = time.sleep) -> None:
    """Show the rest until it is none; Ctrl-C leaves it to the service, and so does its standing still."""
    console = Console(stderr=True)
    last, since = -1, time.monotonic()
    with console.status("") as status:
        try:
            while left := _left():
                if left != last:
                    last, since = left, time.monotonic()
                elif time.monotonic() - since > patience:
                    typer.echo(f"{left:,} pages wait; nobody fetches them now (`yinqi up` will)", err=True)
                    return
                status.update(f"{left:,} pages still to be fetched; Ctrl-C leaves them to the ingest service")
                pause(EVERY)
        except KeyboardInterrupt:
            typer.echo(f"{last:,} pages are left to the ingest service", err=True)
            return
    typer.echo("all pages are fetched", err=True)


def _left() -> int:
    with database.transaction() as session:
        return store.links_waiting(session)

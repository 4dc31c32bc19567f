"""`yinqi mail`: what came back of mail that was sent, and the addresses that are written to no more."""

import mailbox
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from alerts import suppression
from alerts.bounces import parse
from cli.reach import installation
from core import database
from core.errors import RejectedInput
from core.models import Mailbox

mail = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Mail that came back, and addresses that are written to no more.",
)
TRY_LATER = 75  # EX_TEMPFAIL of sysexits.h: a mail server that pipes to us keeps the message and tries again
LARGEST = 10 * 2**20  # bytes of one report; what is beyond is the mail that came back
From = Annotated[list[Path], typer.Argument(metavar="FILE|DIR|-…", help="A message, a Maildir, or standard input.")]


@mail.command()
def bounces(reports: From) -> None:
    """Read reports of mail that came back (RFC 3464) and complaints (RFC 5965), and act on them."""
    try:
        with installation():
            counts = [_take(content) for path in reports for content in _messages(path)]
    except SQLAlchemyError as error:
        typer.echo(f"yinqi: the database does not answer: {type(error).__name__}; nothing is lost, try again", err=True)
        raise typer.Exit(TRY_LATER) from None
    typer.echo(f"messages: {len(counts)}, of which reports: {sum(map(bool, counts))}")


@mail.command()
def suppressed() -> None:
    """List the addresses that are written to no more, newest first."""
    table = Table(Column("address", no_wrap=True), "since (UTC)", "cause", Column("reason", overflow="fold"))
    with installation(), database.transaction() as session:
        found = select(Mailbox).where(Mailbox.suppressed_at.is_not(None)).order_by(Mailbox.suppressed_at.desc())
        for row in session.scalars(found):
            table.add_row(row.address, f"{row.suppressed_at:%Y-%m-%d %H:%M}", row.cause, row.reason)
    Console(soft_wrap=True).print(table)


@mail.command()
def lift(address: str) -> None:
    """Write to an address again; its channels stay disabled until their owners enable them."""
    with installation(), database.transaction() as session:
        if not suppression.lift(session, address):
            raise RejectedInput(f"{address}: mail there is not suppressed")
    typer.echo(f"{address} may be written to again")


def _take(content: bytes) -> int:
    """Act on one message; how many addresses it told of."""
    found = parse(content)
    for one in found:
        with database.transaction() as session:
            taken = suppression.take(session, one, proof=True)
        typer.echo(f"{taken.address}: {taken.result}: {taken.reason}")
    return len(found)


def _messages(path: Path) -> Iterator[bytes]:
    """The messages at a path; those of a Maildir are marked as seen once they were acted on."""
    if str(path) == "-":
        yield sys.stdin.buffer.read(LARGEST)
    elif path.is_dir():
        yield from _unseen(path)
    else:
        with path.open("rb") as file:
            yield file.read(LARGEST)


def _unseen(path: Path) -> Iterator[bytes]:
    if not all((path / part).is_dir() for part in ("cur", "new", "tmp")):
        raise RejectedInput(f"{path}: this folder is no Maildir (it has no cur, new and tmp)")
    box = mailbox.Maildir(path, create=False)
    for key in list(box.keys()):
        if "S" in (message := box[key]).get_flags():
            continue
        yield box.get_bytes(key)[:LARGEST]
        message.set_subdir("cur")
        message.add_flag("S")
        box[key] = message

"""`yinqi ingest`: articles from archives, files and addresses into the history."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli import articles, pages
from cli.progress import Bar
from cli.reach import installation
from core.errors import RejectedInput
from core.http import check_url
from ingest.files.backfill import Backfill, Counts, Options
from ingest.isolate import Readers
from ingest.visit import Visitor, outbound

What = Annotated[
    list[str],
    typer.Argument(metavar="DIR|FILE|URL…", help="Folders, files, feeds, sitemaps; '-': JSONL from standard input."),
]
Since = Annotated[str | None, typer.Option(metavar="DATE", help="Leave out what is older; what tells no time is kept.")]
Published = Annotated[str | None, typer.Option(metavar="DATE", help="Time of articles that tell none.")]
Alert = Annotated[bool, typer.Option("--alert/--quiet", help="Alert as news does; else all of it joins the history.")]
Wait = Annotated[
    bool | None,
    typer.Option("--wait/--no-wait", help="Show how the pages of an address are fetched; else on a terminal only."),
]
PAUSE = 1.0
"""Seconds between two requests of this command to a site."""


def ingest(
    what: What, since: Since = None, published: Published = None, alert: Alert = False, wait: Wait = None
) -> None:
    """Read archives into the history, alerting nobody; goes on where it stopped. Exit code 1 where one was refused."""
    options = Options(since=_moment("--since", since), published=_moment("--published", published), alert=alert)
    urls = [check_url(one) for one in what if one.lower().startswith(("http://", "https://"))]
    paths = [Path(one) for one in what if one != "-" and not one.lower().startswith(("http://", "https://"))]
    with installation():
        with Bar(paths) as bar, Readers() as readers, outbound() as out:
            work = Backfill(options, told=bar.tell, shown=bar.show, reader=readers.read_now)
            if "-" in what:
                work.run_lines(sys.stdin.buffer)
            counts = work.run(paths)
            counts = work.run_addresses(urls, Visitor(out, pause=PAUSE))
        for line in summary(counts):
            typer.echo(line)
        if urls and (sys.stderr.isatty() if wait is None else wait):
            pages.follow()
    if counts.rejected:
        raise typer.Exit(1)


def summary(counts: Counts) -> list[str]:
    """What became of all of it, in a line, and in further ones what was left aside."""
    lines = [f"{counts.stored} stored, {counts.duplicate} duplicate, {counts.rejected} rejected"]
    if counts.older:
        lines.append(f"{counts.older} older than --since, left out")
    if counts.before:
        lines.append(f"{counts.before} files were read before")
    if counts.links:
        lines.append(f"{counts.links} pages new, to be fetched by the ingest service")
    if counts.left_out:
        kinds = ", ".join(f"{kind} {count}" for kind, count in counts.left_out.most_common(8))
        lines.append(f"{counts.left_out.total()} files of other kinds left out ({kinds})")
    return lines


def _moment(option: str, text: str | None) -> date | datetime | None:
    try:
        return articles.moment(text) if text else None
    except ValueError as error:
        raise RejectedInput(f"{option}: {error}") from error

"""`yinqi ingest`: articles from files, pushed into the chain."""

from datetime import UTC, date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from cli import articles
from cli.extract import Published, given
from cli.reach import installation
from core import database
from core.clock import as_utc
from ingest.push import PushedArticle, push

Files = Annotated[list[Path], typer.Argument(help="Files .txt, .md or .jsonl; '-': JSONL from standard input.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Join the history without alerting anyone.")]
BATCH = 100
"""Articles stored in one transaction."""


def ingest(files: Files, published: Published = None, quiet: Quiet = False) -> None:
    """Push articles, as the API does; those older than a week alert nobody. Exit code 1 where one was refused."""
    counts = {"stored": 0, "duplicate": 0, "rejected": 0}
    outcomes = given(files, published)
    with installation():
        while batch := list(islice(outcomes, BATCH)):
            for status in _pushed(batch, quiet=quiet):
                counts[status] += 1
    typer.echo(", ".join(f"{count} {status}" for status, count in counts.items()))
    if counts["rejected"]:
        raise typer.Exit(1)


def _pushed(batch: list[articles.Outcome], *, quiet: bool) -> list[str]:
    """What became of each; reasons of refusal are told on standard error."""
    readable = [one for one in batch if isinstance(one, articles.Given)]
    told = [str(one) for one in batch if not isinstance(one, articles.Given)]
    with database.transaction() as session:
        results = push(session, [_article(one) for one in readable], quiet=quiet)
    told += [f"{one.where}: {r.reason}" for one, r in zip(readable, results, strict=True) if r.status == "rejected"]
    for line in told:
        typer.echo(f"yinqi: {line}", err=True)
    unreadable = len(batch) - len(readable)
    return [*(result.status for result in results), *(["rejected"] * unreadable)]


def _article(one: articles.Given) -> PushedArticle:
    return PushedArticle(
        title=one.title or one.text.strip().splitlines()[0][:80],
        text=one.text,
        url=one.more.get("url"),
        published=_moment(one.published),
        author=one.more.get("author"),
        source_name=one.more.get("source"),
    )


def _moment(published: date | datetime | None) -> datetime | None:
    """A bare day counts from its first minute in China."""
    if published is None or isinstance(published, datetime):
        return published
    return as_utc(datetime.combine(published, time())).astimezone(UTC)

"""`yinqi extract`: events of given articles as JSONL, without any server or database."""

import json
import logging
import sys
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cli import articles
from core.errors import RejectedInput

Files = Annotated[
    list[Path] | None,
    typer.Argument(help="Files .txt, .md or .jsonl; none or '-': JSONL from standard input.", show_default=False),
]
Published = Annotated[
    str | None, typer.Option(metavar="DATE", help="Day of articles that tell none: what 今年 and 近日 lean on.")
]
if TYPE_CHECKING:
    from extractor import Lexicon

PATIENCE = 1.5
"""Seconds after which a progress line is shown."""


Merge = Annotated[bool, typer.Option("--merge", help="Tell which events of all articles are the same: `same` ids.")]
Explain = Annotated[bool, typer.Option("--explain", help="Show, in Chinese, how the events came about instead.")]
Html = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="With --explain: into a page of HTML.", show_default=False)
]


def extract(
    files: Files = None, published: Published = None, merge: Merge = False, explain: Explain = False, html: Html = None
) -> None:
    """Extract events: one line {"id", "events"} for each article; exit code 1 where an input could not be read."""
    logging.getLogger("jieba").setLevel(logging.WARNING)
    if html is not None and not explain:
        raise RejectedInput("--html goes with --explain")
    if merge and explain:
        raise RejectedInput("--merge and --explain do not go together")
    outcomes = given(files or [Path("-")], published)
    failed = _explained(outcomes, html) if explain else _extracted(outcomes, merge)
    if failed:
        raise typer.Exit(1)


def _extracted(outcomes: Iterator[articles.Outcome], merge: bool) -> bool:
    """Print the events of every article; whether something could not be read."""
    failed = False
    gathered: list[tuple[dict[str, Any], str | None]] = []
    with _Progress() as progress:
        for outcome in outcomes:
            if isinstance(outcome, articles.Given):
                line = _line(outcome)
                if merge:
                    gathered.append((line, outcome.published.isoformat()[:10] if outcome.published else None))
                else:
                    _print(line)
                progress.step()
            else:
                failed = _failure(outcome)
    if merge:
        from extractor.same import add_same

        for line in add_same(gathered):
            _print(line)
    return failed


def _explained(outcomes: Iterator[articles.Outcome], html: Path | None) -> bool:
    """Show how every article was read, on the terminal or as one page; whether something could not be read."""
    from cli.explain import page, show
    from extractor.explain import explain

    failed, told = False, []
    console = Console(highlight=False)
    for outcome in outcomes:
        if not isinstance(outcome, articles.Given):
            failed = _failure(outcome)
            continue
        how = explain(title=outcome.title, text=outcome.text, published=outcome.published, lexicon=_lexicon())
        if html is None:
            show(how, console)
        else:
            told.append(how)
    if html is not None and told:
        html.write_text(page(told), encoding="utf-8")
    return failed


def _failure(error: RejectedInput) -> bool:
    typer.echo(f"yinqi: {error}", err=True)
    return True


def given(files: list[Path], published: str | None) -> Iterator[articles.Outcome]:
    """The articles of all inputs, and what could not be read."""
    try:
        day = articles.moment(published) if published else None
    except ValueError as error:
        raise RejectedInput(f"--published: {error}") from error
    for path in files:
        if str(path) == "-":
            yield from articles.from_lines("standard input", sys.stdin.buffer, day)
        else:
            yield from articles.from_file(path, day)


def _line(article: articles.Given) -> dict[str, Any]:
    from extractor import extract as read

    found = read(title=article.title, text=article.text, published=article.published, lexicon=_lexicon())
    line = {"id": article.id, "events": [event.as_gold() for event in found.events]}
    return line | ({"referrals": [one.as_dict() for one in found.referrals]} if found.referrals else {})


def _print(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


@lru_cache
def _lexicon() -> "Lexicon":
    """The names of the shipped registers."""
    from extractor import Lexicon
    from seeds.registers import read_banks, read_firms

    return Lexicon.build(read_banks(), read_firms())


class _Progress:
    """How many articles are done, on standard error where that is a terminal, once it takes long."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (SpinnerColumn(), TextColumn("articles"), MofNCompleteColumn(), TimeElapsedColumn())
        self._bar = Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty())
        self._task = self._bar.add_task("articles", total=None)
        self._since = time.monotonic()

    def __enter__(self) -> "_Progress":
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def step(self) -> None:
        """One more is done."""
        if not self._bar.live.is_started and time.monotonic() - self._since > PATIENCE:
            self._bar.start()
        self._bar.advance(self._task)

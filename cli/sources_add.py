"""`yinqi sources add URL`: looks what an address gives, shows it, asks, and saves it as a source."""

import json
import sys
from pathlib import Path
from typing import Annotated
from unicodedata import category

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text
from sqlalchemy import select

from cli.reach import installation
from core import database
from core.clock import SHANGHAI
from core.errors import RejectedInput
from core.http import check_url
from core.models import Source
from core.settings import settings
from ingest.discover import Candidate, Discovery, as_dict, discover
from ingest.files import folder, opened
from ingest.files.look import look
from ingest.formats import KINDS
from ingest.isolate import Readers
from ingest.visit import outbound

_SHOWN = 3
"""Candidates that are shown."""
_WORDS = 60
"""Characters of an article that are shown."""

Address = Annotated[str, typer.Argument(metavar="URL", help="A site's page, a feed, a sitemap, a folder.")]
Name = Annotated[str, typer.Option(help="How it is called, and its articles' source; else as its page is titled.")]
Kind = Annotated[str, typer.Option(metavar="KIND", help=f"Read it as this, and look no further: {', '.join(KINDS)}.")]
Selector = Annotated[str | None, typer.Option(metavar="CSS", help="Which links of a list page lead to articles.")]
Interval = Annotated[float | None, typer.Option(min=1, help="Seconds between two polls; else by its own rhythm.")]
FullText = Annotated[
    bool | None,
    typer.Option("--full-text/--as-told", help="Fetch the pages of what a feed cuts; else as was found."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Save the first that was found, and do not ask.")]
Unseen = Annotated[bool, typer.Option("--unseen", help="Save it without looking, as --kind says (rss).")]
Json = Annotated[bool, typer.Option("--json", help="Print what was found as JSON; save it only with --yes.")]


def add(
    url: Address,
    name: Name = "",
    kind: Kind = "",
    selector: Selector = None,
    interval: Interval = None,
    full_text: FullText = None,
    yes: Yes = False,
    unseen: Unseen = False,
    as_json: Json = False,
) -> None:
    """Add a source: finds what URL gives, shows it, and asks before it saves; it is switched on."""
    if kind and kind not in KINDS:
        raise RejectedInput(f"--kind: no kind of source is called {kind!r}; known are {', '.join(KINDS)}")
    checked = _checked(url)
    with installation():
        _refuse_known(checked)
        if unseen:
            kind = kind or ("list" if selector else folder.KIND if checked.startswith("file:") else "rss")
            chosen = Candidate(kind, checked, name or checked, "", 0, (), selector)
        else:
            found = _look(checked, kind, selector)
            _show(found, as_json=as_json)
            chosen = found.candidates[_chosen(found, checked, yes=yes, as_json=as_json)]
        source = _save(chosen, name, interval, chosen.full_text if full_text is None else full_text)
    if not as_json:
        told = ", with the pages of its articles" if source.full_text else ""
        typer.echo(f"added and switched on: {source.name} ({source.kind}, {source.url}{told})")


def _checked(url: str) -> str:
    """The address in normal form; a folder of this machine may be named by its path."""
    if url.startswith(("/", "./", "../", "~")) and Path(url).expanduser().is_dir():
        url = opened.address(Path(url).expanduser().absolute())
    return opened.check_address(url, settings().folders) if url.startswith("file:") else check_url(url)


def _look(url: str, kind: str, selector: str | None) -> Discovery:
    """What is found; RejectedInput tells what was looked at where that is nothing."""
    if url.startswith("file:"):
        with Readers() as readers:
            return look(url, readers.read_now)
    with outbound() as out, Readers() as readers:
        found = discover(out, readers, url, kind=kind, selector=selector)
    if not found.candidates:
        looked = "".join(f"\n  {reason}" for _, reason in found.others)
        raise RejectedInput(f"{url}: nothing to collect was found{looked}")
    return found


def _chosen(found: Discovery, url: str, *, yes: bool, as_json: bool) -> int:
    """The number of the candidate to be saved, from 0; asked for on a terminal."""
    if yes:
        return 0
    if as_json:
        raise typer.Exit
    if not sys.stdin.isatty():
        raise RejectedInput(f"{url}: not saved, as nobody is there to be asked; --yes saves the first")
    many = min(len(found.candidates), _SHOWN)
    if many == 1:
        answer = int(typer.confirm("Save it?", default=True))
    else:
        answer = typer.prompt(f"Save which? (1 to {many}, 0: none)", default=1, type=int)
    if not 1 <= answer <= many:
        typer.echo("not saved")
        raise typer.Exit
    return answer - 1


def _refuse_known(url: str) -> None:
    with database.transaction() as session:
        if session.scalar(select(Source.id).where(Source.url == url)):
            raise RejectedInput(f"{url}: there is a source with this address already")


def _save(chosen: Candidate, name: str, interval: float | None, full_text: bool) -> Source:
    _refuse_known(chosen.url)
    with database.transaction() as session:
        source = Source(name=name or chosen.title, url=chosen.url, kind=chosen.kind, selector=chosen.selector)
        source.interval, source.full_text = interval, full_text
        session.add(source)
    return source


def _show(found: Discovery, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(as_dict(found), ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False)
    for number, candidate in enumerate(found.candidates[:_SHOWN], start=1):
        console.print(_table(number, candidate))


def _table(number: int, candidate: Candidate) -> Table:
    more = "; its texts are cut: the pages will be fetched" if candidate.full_text else ""
    head = (
        f"{number}  {candidate.title}\n{candidate.kind}, {candidate.how}: {candidate.url}\n{candidate.items} now{more}"
    )
    table = Table(
        Column("title", ratio=3, overflow="fold"),
        Column("date", no_wrap=True),
        Column("first words", ratio=4, overflow="fold"),
        title=Text(_printable(head)),
        title_justify="left",
        expand=True,
    )
    for sample in candidate.samples:
        day = sample.published.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if sample.published else "–"
        words = sample.text[:_WORDS] or (sample.url or "")
        table.add_row(*(Text(_printable(cell)) for cell in (sample.title, day, words)))
    return table


def _printable(text: str) -> str:
    """Control characters of a stranger's page stay out of the terminal."""
    return "".join("�" if category(sign)[0] == "C" and sign != "\n" else sign for sign in text)

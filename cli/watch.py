"""`yinqi watch`: the live stream in the terminal."""

from typing import Annotated, Any
from uuid import UUID

import typer

from alerts.wording import words
from cli import shown
from cli.filters import takes_filters
from cli.remote import api
from cli.shown import Json
from core.errors import RejectedInput
from yinqi import Client, News

_STYLES = {"event.created": "green", "event.updated": "yellow", "event.retracted": "red"}


@takes_filters
def watch(
    watchlist: Annotated[
        list[str],
        typer.Option(help="What a watchlist of yours is told of, by its name or id. May be given several times."),
    ] = [],  # noqa: B006 - typer's way
    after: Annotated[int | None, typer.Option(min=0, help="Begin after this number; 0: with all that is kept.")] = None,
    once: Annotated[bool, typer.Option("--once", help="End when all that there is by now was told.")] = False,
    json: Json = False,
    **filters: Any,
) -> None:
    """Watch events as they are told, until Ctrl-C."""
    with api() as yinqi:
        lists = _ids(yinqi, watchlist)
        stream = yinqi.stream(after=after, follow=False if once else None, watchlist=lists or None, **filters)
        try:
            for one in stream:
                (shown.as_json([one]) if json else _tell(one))
        except KeyboardInterrupt:
            if stream.last is not None:
                typer.echo(f"yinqi: go on with --after {stream.last}", err=True)


def _ids(yinqi: Client, named: list[str]) -> list[UUID]:
    """The watchlists of these names or ids."""
    known = {key: one.id for one in yinqi.watchlists() for key in (one.name, str(one.id))} if named else {}
    for one in named:
        if one not in known:
            raise RejectedInput(f"--watchlist: you have no watchlist {one!r}")
    return [known[one] for one in named]


def _tell(news: News) -> None:
    """A line with the event, and one with the words that prove it."""
    console = shown.console()
    kind = words()["type"].get(news.type, news.type)
    told = "  ".join(filter(None, shown.cells(news.event)))
    console.print(f"{news.timestamp.astimezone():%H:%M:%S}  {kind}", style=_STYLES.get(news.type, ""), end="  ")
    console.print(told, markup=False)
    if news.event.evidence:
        console.print(f"          “{news.event.evidence[0].quote}”", style="dim", markup=False)

"""`yinqi search`: words in articles and in the quotes of events, asked of the API."""

from collections.abc import Iterable
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from cli import shown
from cli.remote import api
from cli.shown import Json, Limit


def search(
    words: Annotated[list[str], typer.Argument(help="What is searched; all of them must stand there.")],
    events: Annotated[bool, typer.Option("--events", help="In the quotes of events instead of in articles.")] = False,
    best: Annotated[bool, typer.Option("--best", help="Of the newest articles, the best first.")] = False,
    limit: Limit = 20,
    json: Json = False,
) -> None:
    """Search articles, or the quotes of events."""
    q, at_once = " ".join(words), min(limit, 200)
    with api() as yinqi:
        found: Iterable[Any] = (
            yinqi.search_events(q, limit=at_once)
            if events
            else yinqi.search_articles(q, limit=at_once, sort="best" if best else None)
        )
        found = shown.items(found, limit)
        if json:
            shown.as_json(found)
            return
        everything, console = list(found), shown.console()
    for one in everything:
        _tell(console, one)
    if not everything:
        typer.echo("nothing was found")


def _tell(console: Console, one: Any) -> None:
    """What was found, and the pieces of text around it with the finds marked."""
    if hasattr(one, "event"):
        console.print(Text("  ".join(filter(None, shown.cells(one.event))), style="bold"))
    else:
        article = getattr(one, "article", one)
        day = f"{article.published:%Y-%m-%d}" if article.published else ""
        console.print(Text("  ".join(filter(None, (day, article.source, article.title))), style="bold"))
    for piece in one.snippets:
        text = Text(f"  {piece.text}")
        for start, end in piece.marks:
            text.stylize("reverse", start + 2, end + 2)
        console.print(text)

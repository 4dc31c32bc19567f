"""`yinqi gold export`: what the operator looked at, as annotated articles in the form that `yinqi score` reads.

A record says all that is told in its article, so an article is written where each of its live events has a verdict;
in others, what nobody looked at would count as made up.
"""

from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from sqlalchemy.orm import Session

from cli.gold_store import Looked, articles, forgotten, notes
from cli.reach import installation
from core import database
from core.models import Article, Event, Evidence
from extractor.fold import is_traditional

gold = typer.Typer(no_args_is_help=True, add_completion=False, help="Annotated articles out of corrections.")
_FACTS = (
    *("bank", "branch", "firm_description", "tech", "instrument", "instrument_text"),
    *("amount", "date", "term_months", "status"),
)
Out = Annotated[Path | None, typer.Option("--out", "-o", help="File to write; standard output.", show_default=False)]
Partly = Annotated[bool, typer.Option("--partly", help="Articles too of which not every event was looked at.")]


@gold.callback()
def main() -> None:
    """Annotated articles out of corrections."""


@gold.command()
def export(out: Out = None, partly: Partly = False) -> None:
    """Write the articles whose events were corrected, confirmed or rejected, one JSON object a line."""
    lines, left = [], 0
    with installation(), database.transaction() as session:
        for looked in articles(session):
            if partly or all(event.verdict for _, event in looked.tellings if event.state == "live"):
                lines.append(orjson.dumps(record(session, looked)))
            else:
                left += 1
        gone = forgotten(session)
    body = b"".join(line + b"\n" for line in lines)
    if out is None:
        typer.echo(body.decode(), nl=False)
    else:
        out.write_bytes(body)
    told = f"{len(lines)} articles" + (f"; {left} left out, in which not every event was looked at" if left else "")
    told += f"; {gone} left out, whose text is not kept any more" if gone else ""
    typer.echo(told, err=True)


def record(session: Session, looked: Looked) -> dict[str, Any]:
    """An article with its events as the operator left them; the rejected ones are its negatives."""
    article = looked.article
    rejected = [(row, event) for row, event in looked.tellings if event.verdict == "rejected"]
    why = notes(session, [event.id for _, event in rejected])
    return {
        "id": str(article.id),
        "kind": "corrected",
        "script": "hant" if is_traditional(article.text) else "hans",
        "title": article.title,
        "source": article.source_name or "",
        "published": (article.published or article.fetched_at).date().isoformat(),
        "text": article.text,
        "events": [_event(article, row, event) for row, event in looked.tellings if event.state == "live"],
        "negatives": [{"span": row.quote, "why": why.get(event.id) or "rejected by hand"} for row, event in rejected],
    }


def _event(article: Article, row: Evidence, event: Event) -> dict[str, Any]:
    """What the article tells, and over it what was set by hand; names and words only as they stand in the text."""
    said = {**row.facts, **(event.held or {})}
    flat = "".join(article.text.split())
    names = sorted((name for name in {said["firm"], *row.names} if name and name in flat), key=len, reverse=True)
    firm = said["firm"] if said["firm"] in names else next(iter(names), None)
    facts = {name: said[name] for name in _FACTS}
    facts["instrument_text"] = said["instrument_text"] if (said["instrument_text"] or "-") in flat else None
    aliases = [name for name in names if name != firm] if said["firm"] else []
    return {**facts, "firm": firm if said["firm"] else None, "firm_aliases": aliases, "evidence": row.quote}

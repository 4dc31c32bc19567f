"""`yinqi retry`: work that was given up is opened again, with a fresh count of attempts."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

import typer

from cli.reach import installation
from core import database, work
from core.errors import RejectedInput
from core.models import Article


class StepName(StrEnum):
    """The steps of the chain."""

    EXTRACT = "extract"
    MATCH = "match"
    DIGEST = "digest"
    DELIVER = "deliver"


RowId = Annotated[UUID | None, typer.Argument(metavar="[ID]", help="Id of the article, notice, digest or delivery.")]
All = Annotated[bool, typer.Option("--all", help="Everything that was given up.")]
Only = Annotated[StepName | None, typer.Option(help="Only this step; default: every step.")]


def retry(row_id: RowId = None, everything: All = False, step: Only = None) -> None:
    """Try failed work again: one row by its id, or all; the scheduler sends for it within seconds."""
    if (row_id is None) != everything:
        raise RejectedInput("name one ID, or --all, and not both")
    steps = [one for one in work.STEPS if step in (None, one.name)]
    with installation(), database.transaction() as session:
        opened = {one.name: work.requeue(session, one, row_id=row_id) for one in steps}
        article = session.get(Article, row_id) if row_id is not None else None
    typer.echo("opened again: " + ", ".join(f"{count} {name}" for name, count in opened.items()))
    if article is not None and article.forgotten_at is not None:
        raise RejectedInput(f"{row_id}: its text is not kept any more (YINQI_KEEP_TEXTS), so it cannot be read again")
    if row_id is not None and not any(opened.values()):
        raise RejectedInput(f"{row_id}: no row of that id was given up")

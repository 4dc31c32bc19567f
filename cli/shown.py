"""What the API answered, as a table for people or as JSON, one object a line, for programs."""

import sys
from collections.abc import Iterable
from itertools import islice
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.table import Column, Table

from alerts.wording import amount_words, firm_name, words
from yinqi.models import Event

_WIDE = 240
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]
Limit = Annotated[int, typer.Option(min=1, help="At most so many.")]


def items(found: Iterable[BaseModel], limit: int) -> Iterable[Any]:
    """The first of what was found; no page is asked for that is not needed."""
    return islice(found, limit)


def page(limit: int) -> int:
    """How many to ask for at a time."""
    return min(limit, 200)


def as_json(found: Iterable[BaseModel]) -> None:
    """One object a line."""
    for one in found:
        sys.stdout.write(one.model_dump_json() + "\n")
        sys.stdout.flush()


def console() -> Console:
    """Standard output; as wide as it takes where it is no terminal."""
    return Console(width=None if sys.stdout.isatty() else _WIDE, soft_wrap=not sys.stdout.isatty(), highlight=False)


def events(found: Iterable[Event]) -> None:
    """A table of events, and how many they are."""
    table = Table(
        "日期", Column("银行", overflow="fold"), Column("企业", overflow="fold"), "工具", "金额", "状态", "置信度",
        Column("id", no_wrap=True),
    )  # fmt: skip
    for one in found:
        table.add_row(*cells(one), str(one.id))
    print_table(table)


def cells(event: Event) -> list[str]:
    """An event in a few words: date, bank, firm, instrument, sum, status, confidence."""
    told = event.model_dump(mode="json")
    return [
        event.date or "",
        event.bank.name + (event.branch or ""),
        firm_name(told),
        words()["instrument"].get(event.instrument, event.instrument),
        amount_words(told["amount"]) + ("（多家合计）" if event.shared_amount and event.amount else ""),
        words()["status"].get(event.status, event.status),
        f"{event.confidence:.2f}",
    ]


def print_table(table: Table) -> None:
    """A table, or one line where it holds nothing."""
    if table.row_count:
        console().print(table)
    else:
        typer.echo("nothing was found")

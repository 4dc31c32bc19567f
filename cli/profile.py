"""`yinqi profile`: all that is known of one bank or firm, asked of the API."""

from contextlib import suppress
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Column, Table

from alerts.wording import words
from cli import figures, shown
from cli.remote import api
from cli.shown import Json
from core.errors import RejectedInput
from yinqi import Client
from yinqi.profiles import BankProfile, FirmProfile


class Kind(StrEnum):
    """Which register."""

    BANK = "bank"
    FIRM = "firm"


def profile(
    kind: Annotated[Kind, typer.Argument(help="bank or firm.")],
    name: Annotated[str, typer.Argument(help="Any of its names, its stock code, pinyin or id.")],
    json: Json = False,
) -> None:
    """Show a bank or firm: names, figures by year, instrument and counterparty, related ones, last events."""
    with api() as yinqi:
        row_id = _meant(yinqi, kind, name)
        found = yinqi.bank_profile(row_id) if kind is Kind.BANK else yinqi.firm_profile(row_id)
    if json:
        shown.as_json([found])
        return
    _facts(found)
    for title, dimension, rows in (
        ("年份", "year", found.years.rows),
        ("工具", "instrument", found.instruments.rows),
        ("企业" if kind is Kind.BANK else "银行", "counterparty", found.counterparties.rows),
    ):
        table = figures.table(title)
        for row in rows:
            table.add_row(figures.named(row, dimension), *figures.cells(row))
        if rows:
            shown.print_table(table)
    related = Table(Column("相关", overflow="fold"), "原因")
    for one in found.related:
        related.add_row(one.name, "、".join(f"{tie.reason} {tie.count}" for tie in one.reasons))
    if found.related:
        shown.print_table(related)


def _meant(yinqi: Client, kind: Kind, name: str) -> str:
    """The id of the likeliest one that is called so; an id stands for itself."""
    with suppress(ValueError):
        return str(UUID(name))
    for one in yinqi.names(name, kind=kind.value, limit=1):
        return str(one.id)
    raise RejectedInput(f"no {kind.value} is called {name!r}")


def _facts(found: BankProfile | FirmProfile) -> None:
    """Who it is, in two columns."""
    one = found.bank if isinstance(found, BankProfile) else found.firm
    spans = [event.date or "" for event in (found.first, found.last) if event]
    statuses = (f"{words()['status'].get(status, status)} {count}" for status, count in found.statuses.items())
    *_, sums = figures.cells(found.total)
    table = Table("名称", Column(one.name, overflow="fold"))
    table.add_row("别名", "、".join(one.aliases))
    table.add_row("代码", one.stock_code)
    table.add_row("所在地", one.region)
    table.add_row("事件", "，".join(statuses))
    table.add_row("最早与最近", " … ".join(dict.fromkeys(spans)))
    table.add_row("合计", f"{found.total.count}笔 {sums}".strip())
    table.add_row("id", str(one.id))
    shown.print_table(table)

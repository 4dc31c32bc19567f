"""`yinqi stats`: statistics and the activity index, asked of the API."""

from typing import Annotated, Any

import typer
from rich.table import Column, Table

from cli import figures, shown
from cli.filters import FILTERS, SEVERAL, Options, takes, takes_filters
from cli.remote import api
from cli.shown import Json
from yinqi.stats import Cell

stats = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Statistics: how many events, and how much money they tell of."
)
BASIS: Options = {
    "include": (list[str], f"planned, cooperation or non_tech, which are left out else. {SEVERAL}"),
    "time": (str | None, "date (as told; so if not given) or first_seen."),
}
MONEY: Options = {
    "convert": (str | None, "Give all sums in this currency too."),
    "rate": (list[str], f"USD:7.1: what one unit is worth. {SEVERAL}"),
    "rates": (str | None, "Day of the table of rates."),
}


@stats.command("by")
@takes(BASIS, MONEY, FILTERS)
def by(
    dimension: Annotated[str, typer.Argument(help="month, quarter, year, bank, sector, industry, region, city …")],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many rows.")] = 200,
    json: Json = False,
    **asked: Any,
) -> None:
    """Count and amount by one dimension."""
    with api() as yinqi:
        found = yinqi.stats(dimension, limit=limit, **asked)
    if json:
        shown.as_json([found])
        return
    table = figures.table(dimension)
    for row in found.rows:
        table.add_row(figures.named(row, dimension), *figures.cells(row))
    table.add_section()
    table.add_row("合计", *figures.cells(found.total))
    shown.print_table(table)
    if found.unplaced and (found.unplaced.undated or found.unplaced.coarser):
        typer.echo(
            f"{found.unplaced.undated} without a date, {found.unplaced.coarser} told for a longer time", err=True
        )


@stats.command()
@takes(BASIS, MONEY, FILTERS)
def league(
    of: Annotated[str, typer.Argument(help="bank or firm.")] = "bank",
    order: Annotated[str, typer.Option(help="count or sum.")] = "count",
    period: Annotated[str | None, typer.Option(help="2026, 2026-H1, 2026-Q1 or 2026-03.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="At most so many rows.")] = 20,
    json: Json = False,
    **asked: Any,
) -> None:
    """A league table of banks or firms, with what changed since the period before."""
    with api() as yinqi:
        found = yinqi.league(of, order=order, period=period, limit=limit, **asked)
    if json:
        shown.as_json([found])
        return
    table = figures.table(of, Column("#", justify="right"), Column("±", justify="right"))
    for row in found.rows:
        change = "" if row.change is None else f"{row.change:+}" if row.change else "="
        table.add_row(str(row.rank), change, figures.named(row, of), *figures.cells(row))
    shown.print_table(table)


@stats.command()
@takes(BASIS, FILTERS)
def matrix(
    rows: Annotated[str, typer.Argument(help="A dimension, as of `yinqi stats by`.")] = "bank",
    columns: Annotated[str, typer.Argument(help="Another.")] = "sector",
    most_rows: Annotated[int, typer.Option(min=1, max=200, help="At most so many rows.")] = 20,
    most_columns: Annotated[int, typer.Option(min=1, max=100, help="At most so many columns.")] = 10,
    json: Json = False,
    **asked: Any,
) -> None:
    """How many events by two dimensions; --json has the sums too."""
    with api() as yinqi:
        found = yinqi.matrix(rows, columns, most_rows=most_rows, most_columns=most_columns, **asked)
    if json:
        shown.as_json([found])
        return
    across = [Column(figures.named(one, columns), justify="right") for one in found.columns]
    table = Table(Column(rows, overflow="fold"), *across, Column("合计", justify="right"))
    known: dict[tuple[str | None, str | None], Cell] = {(cell.row, cell.column): cell for cell in found.cells}
    for row in found.rows:
        cells = (known.get((row.key, column.key)) for column in found.columns)
        table.add_row(figures.named(row, rows), *(str(cell.count) if cell else "" for cell in cells), str(row.count))
    shown.print_table(table)


@stats.command()
@takes_filters
def index(
    base: Annotated[str | None, typer.Option(help="What is 100: 2025, 2025-H1 or 2025-Q1.")] = None,
    quarters: Annotated[int, typer.Option(min=1, max=80, help="How many quarters.")] = 8,
    end: Annotated[str | None, typer.Option(help="The last of them, 2026-Q1.")] = None,
    amount: Annotated[bool, typer.Option("--amount", help="The index of amounts, not of counts.")] = False,
    json: Json = False,
    **filters: Any,
) -> None:
    """The quarterly activity index of each strategic emerging industry; a dot where too few events stand behind it."""
    with api() as yinqi:
        found = yinqi.activity_index(base=base, quarters=quarters, end=end, **filters)
    if json:
        shown.as_json([found])
        return
    table = Table(f"{found.base} = 100", *(Column(p.quarter, justify="right") for p in found.industries[0].points))
    for one in found.industries:
        values = ((point.amount if amount else point.count) for point in one.points)
        table.add_row(one.name, *("·" if value is None else f"{value:,.1f}" for value in values))
    shown.print_table(table)

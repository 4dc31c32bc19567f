"""`yinqi banks` and `yinqi firms`: the registers, asked of the API."""

from typing import Annotated

import typer
from rich.table import Column, Table

from cli import shown
from cli.remote import api
from cli.shown import Json, Limit

Beginning = Annotated[str | None, typer.Argument(help="The beginning of any of its names.", metavar="NAME")]


def banks(
    q: Beginning = None,
    kind: Annotated[str | None, typer.Option(help="Only of a kind: state, joint_stock, city, rural …")] = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """List banks with their names."""
    with api() as yinqi:
        found = shown.items(yinqi.banks(limit=shown.page(limit), q=q, kind=kind), limit)
        if json:
            shown.as_json(found)
            return
        table = Table("name", "kind", "of", "region", "code", Column("other names", overflow="fold"), _ID)
        for one in found:
            more = "、".join(one.aliases)
            table.add_row(one.name, one.kind, one.parent, one.region, one.stock_code, more, str(one.id))
    shown.print_table(table)


def firms(
    q: Beginning = None,
    sector: Annotated[str | None, typer.Option(help="Only of a sector, by its slug.")] = None,
    tech: Annotated[bool | None, typer.Option(help="Technology firms only, or none of them.")] = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """List firms with their names."""
    with api() as yinqi:
        found = shown.items(yinqi.firms(limit=shown.page(limit), q=q, sector=sector, tech=tech), limit)
        if json:
            shown.as_json(found)
            return
        table = Table("name", "sector", "tech", "region", "code", Column("other names", overflow="fold"), _ID)
        for one in found:
            is_tech = "" if one.tech is None else "yes" if one.tech else "no"
            more = "、".join(one.aliases)
            table.add_row(one.name, one.sector, is_tech, one.region, one.stock_code, more, str(one.id))
    shown.print_table(table)


_ID = Column("id", no_wrap=True)

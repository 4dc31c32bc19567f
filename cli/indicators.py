"""`yinqi indicators`: series of regional and sector figures, and the points of one."""

import sys
from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from uuid import UUID

import orjson
import typer
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.table import Column, Table

from api.errors import Invalid
from api.resources.indicators import read, store
from api.resources.indicators.schemas import IndicatorOut, IndicatorPoint, IndicatorQuery, PointQuery
from cli.reach import installation
from core import database
from core.errors import RejectedInput

Several = Annotated[list[str], typer.Option(help="May be given several times.")]
_SIGNS = {"about": "~", "at_least": "≥", "at_most": "≤"}


def indicators(
    series: Annotated[UUID | None, typer.Argument(help="Show the points of this series.")] = None,
    region: Annotated[list[str], typer.Option(help="Province, city, county or zone; 全国: the country.")] = [],  # noqa: B006 - typer's way
    kind: Several = [],  # noqa: B006
    subject: Several = [],  # noqa: B006
    bank: Several = [],  # noqa: B006
    limit: Annotated[int, typer.Option(min=1, max=200, help="At most so many.")] = 50,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, one a line.")] = False,
) -> None:
    """Show series of regional and sector figures, or the points of one."""
    asked = {"region": region, "kind": kind, "subject": subject, "bank": bank, "limit": limit}
    with installation(), database.transaction() as session:
        try:
            if series is None:
                _print_series(read.series_page(session, IndicatorQuery.model_validate(asked))["items"], json=json)
                return
            found = store.find(session, series)
            if found is None:
                raise RejectedInput(f"there is no series {series}")
            query = PointQuery.model_validate({"limit": limit})
            _print_points(read.point_page(session, found, query)["items"], found.unit, json=json)
        except (ValidationError, Invalid) as error:
            raise RejectedInput(_told(error)) from None


def _told(error: ValidationError | Invalid) -> str:
    if isinstance(error, Invalid):
        return str(error)
    return "; ".join(f"--{one['loc'][0]}: {one['msg']}" for one in error.errors())


def _print_json(items: Iterable[Mapping[str, Any]], shape: Any) -> None:
    adapter = TypeAdapter(shape)
    for item in items:
        told = adapter.dump_python(adapter.validate_python(item), mode="json")
        sys.stdout.write(orjson.dumps(told).decode() + "\n")


def _print_series(items: list[dict[str, Any]], *, json: bool) -> None:
    if json:
        _print_json(items, IndicatorOut)
        return
    table = Table(
        Column("id", no_wrap=True), "kind", "of", "whose", "period", "dates", "last", Column("value", no_wrap=True)
    )
    for one in items:
        whose = [*([one["bank"]["name"] + (one["branch"] or "")] if one["bank"] else []), "".join(one["region"])]
        last = one["latest"]
        table.add_row(
            str(one["id"]), one["kind"], one["programme"] or one["subject"], " ".join(filter(None, whose)) or "全国",
            one["period"], str(one["dates"]), last["date"] or "", _value(last, one["unit"]),
        )  # fmt: skip
    Console(soft_wrap=True).print(table)


def _print_points(items: list[dict[str, Any]], unit: str, *, json: bool) -> None:
    if json:
        _print_json(items, IndicatorPoint)
        return
    date, value = Column("date", no_wrap=True), Column("value", no_wrap=True)
    table = Table(date, value, "growth told", "growth computed", "sources", "contradicted", "quote")
    for one in items:
        stated, ours = one["growth"], one["growth_computed"]
        table.add_row(
            one["date"] or "", _value(one, unit), f"{stated['value']}%" if stated else "",
            f"{ours['value']}%" if ours else "", str(len(one["sources"])), "yes" if one["contradicted"] else "",
            one["sources"][0]["quote"],
        )  # fmt: skip
    Console(soft_wrap=True).print(table)


def _value(point: Mapping[str, Any], unit: str) -> str:
    if point["value"] is None:
        return ""
    return f"{_SIGNS.get(point['qualifier'], '')}{point['value']:,}{'%' if unit == 'percent' else ''}"

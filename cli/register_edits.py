"""`yinqi registers`: banks and firms under the operator's hand, as at /registers; merging shows first what follows."""

import json as json_
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated, Any

import typer
from fastapi import HTTPException
from rich.table import Table
from sqlalchemy.orm import Session

from api.errors import checked
from api.pagination import PageQuery
from api.registers import edit, edits, fields
from api.registers.edit import Hand
from api.registers.kinds import BANKS, FIRMS, Register
from api.registers.preview import Preview, preview
from api.registers.schemas import AliasIn, EditOut
from cli import shown
from cli.reach import installation
from cli.shown import Json
from core import database
from core.errors import RejectedInput

registers = typer.Typer(no_args_is_help=True, add_completion=False, help="Edit the registers of banks and firms.")
HAND = Hand(None, "terminal")


class Kind(StrEnum):
    """Which register."""

    BANK = "bank"
    FIRM = "firm"


_REGISTERS = {Kind.BANK: BANKS, Kind.FIRM: FIRMS}
_TRUTH = {"yes": True, "true": True, "no": False, "false": False}
Which = Annotated[str, typer.Argument(help="Any of its names, or its id.")]
Name = Annotated[str, typer.Argument(help="The name that is given or taken.")]
Sets = Annotated[
    list[str], typer.Option("--set", help="FIELD=VALUE, as of the API; no value where it is not known.", metavar="F=V")
]


@registers.command("edit")
def edit_(kind: Kind, which: Which, sets: Sets, json: Json = False) -> None:
    """Set fields: name, kind, parent, stock_code, sector, tech, region."""
    told = dict(_pair(one) for one in sets)

    def act(session: Session, register: Register, row_id: Any) -> Any:
        return edit.change(session, HAND, register, row_id, fields.given(session, register, told))

    _edit(kind, which, act, json)


@registers.command()
def name(kind: Kind, which: Which, alias: Name, json: Json = False) -> None:
    """Call a bank or firm by one more name."""

    def act(session: Session, register: Register, row_id: Any) -> Any:
        return edit.add_alias(session, HAND, register, row_id, checked(AliasIn, {"alias": alias}).alias)

    _edit(kind, which, act, json)


@registers.command()
def take(kind: Kind, which: Which, alias: Name, json: Json = False) -> None:
    """Take a name from a bank or firm; no article teaches it again."""

    def act(session: Session, register: Register, row_id: Any) -> Any:
        return edit.remove_alias(session, HAND, register, row_id, alias)

    _edit(kind, which, act, json)


@registers.command()
def merge(
    kind: Kind,
    which: Which,
    into: Annotated[str, typer.Argument(help="The one that is to stand for both.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Let one bank or firm stand for another as well, for good; shows what follows, and asks."""
    register = _REGISTERS[kind]
    with installation(), _refusals():
        with database.transaction() as session:
            gone, kept = (
                fields.called(session, register, one, told) for one, told in ((which, "WHICH"), (into, "INTO"))
            )
            ahead = preview(session, HAND, register, gone, kept)
        typer.echo(_ahead(ahead), err=True)
        if not yes and not typer.confirm("Merge them?", err=True):
            raise RejectedInput("nothing was merged")
        with database.transaction() as session:
            row, _ = edit.merge(session, HAND, register, gone, kept)
            _tell(register, row, json)


@registers.command()
def log(kind: Kind, which: Which, limit: shown.Limit = 50, json: Json = False) -> None:
    """List what was done to a bank or firm by hand, the last first."""
    register = _REGISTERS[kind]
    table = Table("when", "what", "before", "after", "by", "via")
    with installation(), _refusals(), database.transaction() as session:
        row_id = fields.called(session, register, which, "WHICH")
        query = PageQuery(limit=shown.page(limit), cursor=None)
        found = [EditOut.model_validate(one) for one in edits.page(session, row_id, query)["items"]]
    if json:
        shown.as_json(found)
        return
    for one in found:
        before, after = (json_.dumps(told, ensure_ascii=False) if told else "" for told in (one.before, one.after))
        table.add_row(f"{one.at:%Y-%m-%d %H:%M}", one.what, before, after, one.by or "", one.via)
    shown.print_table(table)


def _edit(kind: Kind, which: str, act: Callable[[Session, Register, Any], Any], json: bool) -> None:
    register = _REGISTERS[kind]
    with installation(), _refusals(), database.transaction() as session:
        _tell(register, act(session, register, fields.called(session, register, which, "WHICH")), json)


@contextmanager
def _refusals() -> Iterator[None]:
    """What the API answers by a status of its own is one line here."""
    try:
        yield
    except HTTPException as error:
        raise RejectedInput(str(error.detail)) from None


def _pair(told: str) -> tuple[str, Any]:
    field, sign, value = told.partition("=")
    if not sign:
        raise RejectedInput(f"--set {told}: write FIELD=VALUE")
    value = value.strip()
    return field.strip(), _TRUTH.get(value, value) if field.strip() == "tech" else value or None


def _tell(register: Register, row: Any, json: bool) -> None:
    """The row as it is now."""
    told = {"id": str(row.id), **{column: getattr(row, column) for column in register.columns}}
    told["aliases"] = sorted(one.alias for one in row.aliases)
    if json:
        typer.echo(json_.dumps(told, ensure_ascii=False))
        return
    table = Table("field", "value")
    for field, value in told.items():
        table.add_row(field, "、".join(value) if isinstance(value, list) else "" if value is None else str(value))
    shown.print_table(table)


def _ahead(told: Preview) -> str:
    """What would follow, in lines."""
    filled = ", ".join(f"{field}={value}" for field, value in told.filled.items())
    return "\n".join(
        [
            f"{told.gone} is merged into {told.into}, for good:",
            f"  names that come with it: {'、'.join(told.aliases) or 'none'}",
            f"  fields that are filled: {filled or 'none'}",
            f"  events that pass over: {told.events}",
            f"  events that turn out to be one with another: {len(told.joined)}",
        ]
    )

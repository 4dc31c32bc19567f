"""The forms of a bank or firm: from its row to their fields, and from what was filled in to what the API takes."""

from typing import Any
from uuid import UUID

from api.dashboard.forms import TRUTH, Filled, shown
from api.errors import Invalid, checked
from api.registers.kinds import Register
from api.registers.schemas import AliasIn


class FieldsForm(Filled):
    """Every field of either, as it stands in the form; `seen` is when the row was edited last as it was looked at."""

    seen: str = ""
    name: str = ""
    kind: str = ""
    parent: str = ""
    stock_code: str = ""
    sector: str = ""
    tech: str = ""
    region: str = ""


class AliasForm(Filled):
    """A name that is given or taken."""

    alias: str = ""

    def told(self) -> str:
        """The name; Invalid where it is none."""
        return checked(AliasIn, {"alias": self.alias.strip()}).alias


class MergeForm(Filled):
    """Which one is to stand for both."""

    into: UUID


def of_row(register: Register, row: Any) -> dict[str, str]:
    """The form's fields of a row."""
    fields = {column: shown(getattr(row, column)) for column in register.columns}
    return fields | {"seen": seen(row)}


def seen(row: Any) -> str:
    """When a row was edited last: by it is told whether it changed while it was looked at."""
    return row.edited_at.isoformat() if row.edited_at else ""


def changed(register: Register, row: Any, form: FieldsForm) -> dict[str, Any]:
    """The columns that say another thing in the form than in the row. Invalid where the row changed meanwhile, and
    where nothing was changed."""
    if form.seen != seen(row):
        raise Invalid.at("all", "it was edited meanwhile: look again")
    before = of_row(register, row)
    told = {column: getattr(form, column).strip() for column in register.columns}
    found = {column: _told(column, value) for column, value in told.items() if value != before[column]}
    if not found:
        raise Invalid.at("all", "nothing was changed")
    return found


def _told(column: str, value: str) -> Any:
    if column == "tech":
        return TRUTH.get(value)
    return value if value or column == "name" else None

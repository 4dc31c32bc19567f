"""The form of a correction: from an event to its fields, and from what was filled in to what the API takes."""

from collections.abc import Mapping
from typing import Any, Literal, TypeVar

from pydantic import Field

from api.dashboard.forms import TRUTH, Filled, shown
from api.errors import FieldError, checked
from api.resources.corrections.schemas import CorrectionIn, Noted
from core.views import CONTRACT

N = TypeVar("N", bound=Noted)
AMOUNT = {"min": "amount_min", "max": "amount_max", "currency": "currency", "qualifier": "qualifier"}
"""The fields of the form that an amount has, by its parts."""
PARTS = {name: (name,) for name in CONTRACT} | {"amount": tuple(AMOUNT.values())}
"""The fields of the form that each field of an event has."""
_ONE_SUM = ("exact", "about")  # whose two ends are the same: filling in one of them is enough
_BETWEEN_DIGITS = str.maketrans("", "", ",， _\u3000")


class NotedForm(Filled):
    """The version that was looked at, and why, in words."""

    version: int = Field(ge=1)
    note: str = ""


class CorrectionForm(NotedForm):
    """Every field as it stands in the form."""

    bank: str = ""
    branch: str = ""
    firm: str = ""
    firm_description: str = ""
    tech: str = ""
    instrument: str = ""
    instrument_text: str = ""
    amount_min: str = ""
    amount_max: str = ""
    currency: str = ""
    qualifier: str = ""
    shared_amount: str = ""
    date: str = ""
    term_months: str = ""
    status: str = ""


class VerdictForm(NotedForm):
    """What was found of the whole event."""

    verdict: Literal["confirm", "reject", "release"]


def of_facts(facts: Mapping[str, Any]) -> dict[str, str]:
    """The form's fields of contract fields as core/views.py gives them."""
    amount = facts.get("amount") or {"currency": "CNY", "qualifier": _ONE_SUM[0]}
    plain = {name: shown(facts.get(name)) for name in CONTRACT if name != "amount"}
    return plain | {field: shown(_grouped(amount.get(part))) for part, field in AMOUNT.items()}


def changed(before: Mapping[str, str], form: CorrectionForm) -> list[str]:
    """The fields of the event that say another thing in the form than `before`."""
    told = {field: getattr(form, field).strip() for fields in PARTS.values() for field in fields}
    return [name for name in CONTRACT if any(told[field] != before[field] for field in PARTS[name])]


def correction(form: CorrectionForm, names: list[str]) -> CorrectionIn:
    """The correction of fields of these names. Invalid where it makes no sense."""
    return _filled(CorrectionIn, form, {name: _told(form, name) for name in names})


def noted(form: NotedForm) -> Noted:
    """The same of a verdict."""
    return _filled(Noted, form, {})


def _filled(model: type[N], form: NotedForm, fields: dict[str, Any]) -> N:
    return checked(model, {"version": form.version, "note": form.note.strip() or None, **fields})


def field_of(error: FieldError) -> str:
    """Where in the form stands what the API refuses; "all" for what is of no one field."""
    name, _, part = error.field.removeprefix("body").strip(".").partition(".")
    if not name:
        name = error.reason.partition(" ")[0]  # what is said of the whole begins with the field that it is about
    if name == "amount":
        return AMOUNT.get(part, AMOUNT["min"])
    return name if name in {*PARTS, "note"} else "all"


def _told(form: CorrectionForm, name: str) -> Any:
    if name == "amount":
        return _amount(form)
    told = getattr(form, name).strip()
    if name in ("tech", "shared_amount"):
        return TRUTH.get(told)
    return told or None


def _amount(form: CorrectionForm) -> dict[str, Any] | None:
    low, high = (getattr(form, AMOUNT[end]).translate(_BETWEEN_DIGITS) or None for end in ("min", "max"))
    if low is None and high is None:
        return None
    if form.qualifier in _ONE_SUM:
        low, high = low or high, high or low
    return {"min": low, "max": high, "currency": form.currency.strip().upper(), "qualifier": form.qualifier}


def _grouped(value: Any) -> Any:
    """A sum with commas between its thousands, so that its zeros can be counted."""
    return f"{value:,}" if isinstance(value, int | float) else value

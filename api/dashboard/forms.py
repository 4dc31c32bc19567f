"""What the forms of pages have in common."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from api.errors import checked
from api.schemas import In, Name


class Filled(BaseModel):
    """A form that was sent: `page: Annotated[MyForm, Form()]`. Fields that it does not have are refused by name."""

    model_config = ConfigDict(extra="forbid")

    csrf: str = ""  # judged before (api/dashboard/route.py)


TRUTH = {"yes": True, "no": False}


def shown(value: Any) -> str:
    """A value as it stands in a field; nothing is told by "", and truth by the words of TRUTH."""
    if isinstance(value, bool):
        return next(word for word, truth in TRUTH.items() if truth is value)
    return "" if value is None else str(value)


class _Named(In):
    name: Name


def called(name: str) -> str:
    """The name itself; Invalid, at body.name, where it is none."""
    return checked(_Named, {"name": name}).name

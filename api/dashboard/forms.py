"""What the forms of pages have in common."""

from pydantic import BaseModel, ConfigDict

from api.errors import checked
from api.schemas import In, Name


class Filled(BaseModel):
    """A form that was sent: `page: Annotated[MyForm, Form()]`. Fields that it does not have are refused by name."""

    model_config = ConfigDict(extra="forbid")

    csrf: str = ""  # judged before (api/dashboard/route.py)


class _Named(In):
    name: Name


def called(name: str) -> str:
    """The name itself; Invalid, at body.name, where it is none."""
    return checked(_Named, {"name": name}).name

"""What the forms of pages have in common."""

from pydantic import BaseModel, ConfigDict


class Filled(BaseModel):
    """A form that was sent: `page: Annotated[MyForm, Form()]`. Fields that it does not have are refused by name."""

    model_config = ConfigDict(extra="forbid")

    csrf: str = ""  # judged before (api/dashboard/route.py)

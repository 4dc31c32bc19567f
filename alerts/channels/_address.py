"""An address that may be posted to, as the config of several kinds holds it."""

from typing import Annotated

from pydantic import AfterValidator, Field

from core.errors import YinqiError
from core.http import check_url


def _callable(value: str) -> str:
    try:
        return check_url(value)
    except YinqiError as error:
        raise ValueError(str(error)) from error


# as written; where it leads is judged at each connection (core/http)
Address = Annotated[str, Field(max_length=2048), AfterValidator(_callable)]

"""Types that the schemas of several resources share."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from core import views
from core.clock import read_moment
from core.instruments import INSTRUMENTS, STATUSES
from core.sums import BEYOND

PROVEN = ("seed", "learnt")  # origins of firms that are shown; a name that is only watched is no firm yet

LONGEST = 200  # characters of a name


def storable(value: str) -> str:
    """The text itself; ValueError where PostgreSQL cannot hold it."""
    if "\0" in value:
        raise ValueError("contains a NUL character")
    return value


def known(name: str, values: tuple[str, ...]) -> AfterValidator:
    """A validator that takes only `values`, and lists them where it is given another."""

    def check(value: str) -> str:
        if value not in values:
            raise ValueError(f"no {name} is called {value!r}; known are {', '.join(values)}")
        return value

    return AfterValidator(check)


def _read_moment(value: object) -> object:
    return read_moment(value) if isinstance(value, str) else value


def _read_day(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise ValueError("is no day such as 2026-03-12")  # pydantic would take 0 for seconds since 1970
    return value


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


Text = Annotated[str, AfterValidator(storable)]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST), AfterValidator(storable)]
Instrument = Annotated[str, known("instrument", INSTRUMENTS), WithJsonSchema({"type": "string", "enum": INSTRUMENTS})]
Status = Annotated[str, known("status", STATUSES), WithJsonSchema({"type": "string", "enum": STATUSES})]

# an ISO date or date-time; one without an offset is read in China's time
MomentIn = Annotated[
    datetime, BeforeValidator(_read_moment), WithJsonSchema({"type": "string", "examples": ["2026-03-01T00:30+08:00"]})
]
# a day as 2026-03-12 and in no other form
Day = Annotated[date, BeforeValidator(_read_day)]
# a moment in UTC, to the millisecond, as in webhooks
Moment = Annotated[
    datetime, PlainSerializer(views.moment, return_type=str), WithJsonSchema({"type": "string", "format": "date-time"})
]
# a sum in units of its currency, as a JSON number
Money = Annotated[
    Decimal,
    Field(ge=0, lt=BEYOND, decimal_places=2),
    PlainSerializer(_number, return_type=float),
    WithJsonSchema({"type": "number", "minimum": 0, "examples": [10000000]}),
]


def examples(*given: dict[str, Any]) -> ConfigDict:
    """A model config that shows `given` in the OpenAPI document."""
    return ConfigDict(json_schema_extra={"examples": list(given)})


class In(BaseModel):
    """Base of what is sent to us: unknown fields are refused by name."""

    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    """Base of what we answer; may be read straight from a row."""

    model_config = ConfigDict(from_attributes=True)

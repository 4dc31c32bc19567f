"""What goes in and out of corrections; the fields are those of docs/events.md."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from api.schemas import In, Instrument, Moment, Money, Name, Out, Status, Text
from core import periods

QUALIFIERS = Literal["exact", "about", "at_least", "at_most", "range"]
EXAMPLE: dict[str, Any] = {
    "amount": {"min": 30000000, "max": 30000000, "currency": "CNY", "qualifier": "exact"},
    "status": "granted",
    "note": "the article's table says 3000万元",
}


def _period(told: str) -> str:
    if periods.span(told) is None:
        raise ValueError(f"{told!r} is no date: 2026, 2026-H1, 2026-Q3, 2026-03 or 2026-03-12")
    return told


class AmountIn(In):
    """A sum in units of `currency`; at_least has no `max`, at_most no `min`, exact and about have both alike."""

    min: Money | None
    max: Money | None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    qualifier: QUALIFIERS

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> "AmountIn":
        ends = {
            "at_least": self.min is not None and self.max is None,
            "at_most": self.min is None and self.max is not None,
            "range": self.min is not None and self.max is not None and self.min < self.max,
        }
        if not ends.get(self.qualifier, self.min is not None and self.min == self.max):
            raise ValueError(f"min {self.min} and max {self.max} are no sum that is {self.qualifier}")
        return self


class Noted(In):
    """An operator's word on an event."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"note": "as the report says"}]})

    version: int | None = Field(None, ge=1, description="The version that was looked at; another is refused (409)")
    note: Annotated[Text, Field(max_length=2000)] | None = Field(None, description="Why, in words")


class CorrectionIn(Noted):
    """The fields that are wrong, as they should be; what is left out stays the machine's."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    bank: Name | None = Field(None, description="By any of its names")
    branch: Name | None = None
    firm: Name | None = Field(None, description="By any of its names; one that no register knows is learnt")
    firm_description: Name | None = None
    tech: bool | None = None
    instrument: Instrument | None = None
    instrument_text: Name | None = None
    amount: AmountIn | None = None
    shared_amount: bool | None = None
    date: Annotated[Name, AfterValidator(_period)] | None = None
    term_months: int | None = Field(None, ge=0, le=1200)
    status: Status | None = None

    @model_validator(mode="after")
    def _says_something_sound(self) -> "CorrectionIn":
        given = self.fields()
        if not given:
            raise ValueError("names no field that is to be corrected")
        for name in ("bank", "tech", "instrument", "shared_amount", "status"):
            if name in given and given[name] is None:
                raise ValueError(f"{name} is always told: it cannot be null")
        if given.get("firm") and given.get("firm_description"):
            raise ValueError(
                "firm_description describes a firm that is not named: give one of firm and firm_description"
            )
        return self

    def fields(self) -> dict[str, Any]:
        """The contract fields that were given, as JSON values."""
        return self.model_dump(exclude={"version", "note"}, exclude_unset=True)


class CorrectionOut(Out):
    """One look at an event by hand."""

    id: UUID
    event_id: UUID
    verdict: Literal["corrected", "confirmed", "rejected", "released"]
    facts: dict[str, Any] | None
    previous: dict[str, Any] | None
    note: str | None
    version: int
    at: Moment


class Corrections(Out):
    """Every look at an event by hand, oldest first."""

    items: list[CorrectionOut]

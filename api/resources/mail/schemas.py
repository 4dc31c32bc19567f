"""What goes in and out of `/v1/mail`: bounces that are reported, and addresses that are written to no more."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, field_validator

from alerts.bounces import Bounce
from alerts.channels.email import checked
from api.schemas import In, Moment, Out, Text, examples

EXAMPLE: dict[str, Any] = {
    "address": "gone@example.com",
    "kind": "bounce",
    "permanent": True,
    "reason": "550 5.1.1 user unknown",
    "message_id": "<019ab4c2-6f1e-7c34-9d55-0d6f5b2f8a11@example.com>",
}


class BounceIn(In):
    """One report: `permanent` only where mail there can never arrive; `message_id` as the report tells it."""

    model_config = examples(EXAMPLE)

    address: str = Field(max_length=320)
    kind: Literal["bounce", "complaint"] = "bounce"
    permanent: bool = True
    reason: Text = Field("", max_length=500)
    message_id: Annotated[Text, Field(max_length=400)] | None = None

    @field_validator("address")
    @classmethod
    def _one_address(cls, value: str) -> str:
        return checked(value)

    def read(self) -> Bounce:
        """As the alerts service takes it."""
        reason = self.reason or f"reported as {self.kind}"
        told = {"kind": self.kind, "address": self.address, "permanent": self.permanent, "message_id": self.message_id}
        return Bounce(reason=reason, **told)  # type: ignore[arg-type] # a dict of several types


class BouncesIn(In):
    """Up to 1,000 reports."""

    model_config = examples({"bounces": [EXAMPLE]})

    bounces: list[BounceIn] = Field(min_length=1, max_length=1000)


class TakenOut(Out):
    """What became of one report: `result` is suppressed, counted (it may pass) or ignored, `reason` why."""

    address: str | None
    result: str
    reason: str


class BouncesOut(Out):
    """What became of each report, in their order."""

    results: list[TakenOut]


class AddressIn(In):
    """One address."""

    model_config = examples({"address": "gone@example.com"})

    address: Text = Field(max_length=320)


class SuppressionOut(Out):
    """An address that is written to no more: `cause` is bounce, complaint or refusal."""

    id: UUID
    address: str
    suppressed_at: Moment
    cause: str
    reason: str

"""What goes in and out of `/v1/keys`."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, WithJsonSchema

from api.schemas import In, Moment, MomentIn, Name, Out, examples
from core.clock import now
from core.keys import SCOPES, in_force

EXAMPLE: dict[str, Any] = {"name": "the desk's dashboard", "scopes": ["read"], "expires_at": "2036-01-01"}


def _scope(value: str) -> str:
    return in_force([value])[0]


Scope = Annotated[str, AfterValidator(_scope), WithJsonSchema({"type": "string", "enum": SCOPES})]


def _still_to_come(value: Any) -> Any:
    if value <= now():
        raise ValueError("is over already")
    return value


class KeyIn(In):
    """A new key of the caller's own, which may do no more and is good no longer than the key that asks for it.

    `expires_at` null: it is good until it is revoked, or as long as the key that asks.
    """

    model_config = examples(EXAMPLE)

    name: Name
    scopes: list[Scope] = Field(min_length=1, max_length=len(SCOPES), json_schema_extra={"uniqueItems": True})
    expires_at: Annotated[MomentIn, AfterValidator(_still_to_come)] | None = None


class KeyOut(Out):
    """A key of the caller's, by which it can be told but not used: `prefix` is how it begins.

    `last_used_at` to ten minutes. `asking`: it is the key that asked.
    """

    id: UUID
    name: str | None
    prefix: str
    scopes: list[Scope]
    created_at: Moment
    expires_at: Moment | None
    revoked_at: Moment | None
    last_used_at: Moment | None
    asking: bool


class KeyCreated(KeyOut):
    """A key with its plain form, which is shown this once."""

    key: str

"""What goes in and out of `/v1/channels`. A kind's own config schema lives in its file in alerts/channels."""

from typing import Any
from uuid import UUID

from pydantic import Field

from api.schemas import In, Moment, Name, Out, examples

EXAMPLE: dict[str, Any] = {
    "kind": "webhook",
    "name": "our endpoint",
    "config": {"url": "https://hooks.example.com/yinqi"},
    "enabled": True,
}


class ChannelIn(In):
    """A new channel; `GET /v1/channels/kinds` tells the kinds and what `config` of each holds."""

    model_config = examples(EXAMPLE, {"kind": "email", "name": "desk", "config": {"to": "desk@example.com"}})

    kind: Name
    name: Name
    config: dict[str, Any]
    enabled: bool = True
    to_owner: bool = False


class ChannelPatch(In):
    """What is to change; what is not named stays. A named `config` is replaced as a whole."""

    model_config = examples({"enabled": False}, {"paused": True})

    name: Name = ""
    config: dict[str, Any] = Field(default_factory=dict)
    enabled: bool = True
    paused: bool = False
    to_owner: bool = False


class ChannelOut(Out):
    """One channel of the caller's. `disabled_reason` says why alerts switched it off; `failures` in a row, since when.

    `old_secret_until`: until when the secret before the last rotation signs too. `confirmed_at` is null until whoever
    reads an e-mail address agreed; nothing is sent there before. `to_owner`: its owner is told there of others.
    """

    id: UUID
    kind: str
    name: str
    config: dict[str, Any]
    enabled: bool
    paused: bool
    disabled_reason: str | None
    failures: int
    failing_since: Moment | None
    old_secret_until: Moment | None
    confirmed_at: Moment | None
    to_owner: bool
    created_at: Moment


class ChannelCreated(ChannelOut):
    """A channel with its new signing secret, which is shown this once; null where the kind has none."""

    secret: str | None


class TrialOut(Out):
    """The delivery of a test alert or a confirmation, to be looked up in `/v1/deliveries`."""

    delivery: UUID


class KindOut(Out):
    """A kind of channel and the JSON schema of its config."""

    name: str
    config: dict[str, Any]


class Kinds(Out):
    """Every kind, in the order in which they are offered."""

    items: list[KindOut]

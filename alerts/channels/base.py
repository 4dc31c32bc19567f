"""The contract of a channel kind: what it needs to know, how it words an alert, how it sends one."""

import asyncio
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from pydantic import BaseModel, ConfigDict

SEND_TIMEOUT = 15.0  # seconds that one sending may take at most; leases outlast it


class Config(BaseModel):
    """Base of a kind's config: unknown fields are refused by name."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One delivery to be sent: `body` is the frozen JSON of the alert, `secret` the channel's, unsealed.

    `old_secret` is the one before it while that is still in force. `after`: what must have happened before anything of
    it leaves (for kinds without a pace only).
    """

    id: str
    body: str
    config: dict[str, Any]
    secret: str | None
    old_secret: str | None = None
    in_doubt: bool = False
    channel_id: str = ""
    after: "asyncio.Future[None] | None" = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How an attempt ended: `kind` is delivered, later (try again), gone (disable the channel) or refused (give up).

    `retry_after` in seconds where the other side asked for it; `answer` the first 2 kB of what it said.
    """

    kind: str
    reason: str
    status_code: int | None = None
    answer: str | None = None
    retry_after: float | None = None


@dataclass(frozen=True)
class Pace:
    """How many messages a channel takes: at most so many in any minute and, if told, in any second or hour."""

    per_minute: int
    per_second: int | None = None
    per_hour: int | None = None


class ChannelKind(Protocol):
    """One member of the catalogue; stateless. Of a kind with a `pace`, what is too much is gathered in one message."""

    name: ClassVar[str]
    Config: ClassVar[type[Config]]

    @property
    def pace(self) -> Pace | None:
        """How much it takes; None where there is no limit."""

    def new_secret(self, config: dict[str, Any]) -> str | None:
        """A secret to be sealed, and shown once to the channel's owner; None where the kind needs none."""

    def private(self, config: dict[str, Any]) -> str | None:
        """What of the config is to be sealed and never shown; None where nothing is."""

    def public(self, config: dict[str, Any]) -> dict[str, Any]:
        """The config without that: it is kept so, and its owner may see it again."""

    def messages(self, letter: Letter, *gathered: Letter) -> int:
        """How many messages it takes to send them; 1 for kinds without a pace."""

    async def send(self, letter: Letter, *gathered: Letter) -> Outcome:
        """Send once, within SEND_TIMEOUT, and say how it ended; only a fault of our own may raise. Others are sent on
        the same event loop: what blocks goes to `asyncio.to_thread`. `gathered` for kinds with a pace only;
        those without one let nothing leave before `letter.after`."""

"""What goes out of `/v1/deliveries`."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from alerts.wording import words
from api.pagination import PageQuery
from api.schemas import In, Moment, MomentIn, Out, examples, known

State = Literal["open", "done", "failed"]
Kind = Annotated[str, known("type", tuple(words()["type"]))]
EXAMPLE: dict[str, Any] = {
    "id": "019ab4c2-7000-7000-8000-000000000004",
    "type": "event.created",
    "state": "done",
    "reason": None,
    "advice": None,
    "channel": "019ab4c2-6f1e-7c34-9d55-0d6f5b2f8a11",
    "event": "019ab4c2-6f1e-7c34-9d55-0d6f5b2f8a11",
    "version": 1,
    "article": "019ab4c2-6f00-7000-8000-000000000003",
    "source": None,
    "watchlists": ["机器人与两家银行"],
    "attempts": 1,
    "created_at": "2026-03-02T01:12:45.300Z",
    "due_at": "2026-03-02T01:12:45.300Z",
    "delivered_at": "2026-03-02T01:12:45.480Z",
}


class DeliveryOut(Out):
    """One event version, one article's mentions, or how a source is, for one channel.

    `state` done is delivered; open waits until `due_at` for its next attempt; failed was given up, `reason` says why
    and `advice` what to do.
    """

    model_config = examples(EXAMPLE)

    id: UUID
    type: str
    state: State
    reason: str | None
    advice: str | None
    channel: UUID
    event: UUID | None
    version: int | None
    article: UUID | None
    source: UUID | None
    watchlists: list[str]
    attempts: int
    created_at: Moment
    due_at: Moment
    delivered_at: Moment | None


class AttemptOut(Out):
    """One try. `outcome` null: started and never recorded as ended, so that it is in doubt whether it arrived.

    `probe`: sent to see whether a channel that fails is back.
    """

    number: int
    started_at: Moment
    milliseconds: float | None
    outcome: str | None
    status_code: int | None
    answer: str | None
    reason: str | None
    probe: bool


class DeliveryDetail(DeliveryOut):
    """A delivery with the body that every attempt sends, and the attempts."""

    body: Any
    tries: list[AttemptOut]


class DeliveryQuery(PageQuery):
    """Filters of `/v1/deliveries`."""

    state: State | None = Field(None, description="failed: dead letters")
    channel: UUID | None = Field(None, description="Id of a channel of yours")
    type: Kind | None = None
    event: UUID | None = Field(None, description="Id of an event")
    article: UUID | None = Field(None, description="Id of the article that caused it")
    since: MomentIn | None = Field(None, description="Made then or later")
    until: MomentIn | None = Field(None, description="Made before then")


class CountsQuery(BaseModel):
    """Of which deliveries `/v1/deliveries/counts` tells."""

    model_config = ConfigDict(extra="forbid")

    since: MomentIn | None = Field(None, description="Made then or later; unless given, in the last 30 days")
    until: MomentIn | None = Field(None, description="Made before then")


class ChannelCounts(Out):
    """How many deliveries of one channel wait, arrived and were given up; since when the oldest waits, when the last
    arrived."""

    channel: UUID
    name: str
    kind: str
    enabled: bool
    paused: bool
    open: int
    done: int
    failed: int
    waiting_since: Moment | None
    delivered_at: Moment | None


class CountsOut(Out):
    """One entry for each of your channels, by name."""

    since: Moment
    items: list[ChannelCounts]


class ResendIn(In):
    """Which deliveries to send again: of one state, made in a time (from `since`, before `until`), for one channel."""

    model_config = examples({"state": "failed", "since": "2026-03-01T00:00:00Z"})

    state: Literal["failed", "done"] | None = Field(None, description="null: both")
    since: MomentIn | None = None
    until: MomentIn | None = None
    channel: UUID | None = Field(None, description="Id of a channel of yours")


class ResendOut(Out):
    """How many will be sent again."""

    model_config = examples({"count": 12})

    count: int

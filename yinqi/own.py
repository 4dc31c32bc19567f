"""What belongs to one subscriber: watchlists, channels, deliveries."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from yinqi.base import Answer, Request


class Window(Answer):
    """Hours of a watchlist: on some days of the week (1 Monday to 7 Sunday), `from` a local time `until` another."""

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True, serialize_by_alias=True)

    days: list[int]
    from_: str = Field(alias="from")
    until: str


class Hit(Answer):
    """What of a watchlist stands in an event or article; after a bank's name its branch, if that is watched."""

    kind: str
    name: str


class WouldTell(Answer):
    """One alert that there would have been: of an event, whose `facts` that version told, or of an article."""

    type: str
    at: datetime
    event: UUID | None
    version: int | None
    facts: dict[str, Any] | None
    article: UUID | None
    title: str | None
    hits: list[Hit]


class WouldNotTell(Answer):
    """What a watchlist came near to and would not tell for one reason: how often, and the latest case, in words."""

    reason: str
    count: int
    words: str
    event: UUID | None
    article: UUID | None


class Backtest(Answer):
    """What a watchlist would have told: `told` alerts of all that was `looked_at`; `items` are the latest of them.

    `complete` is False where there was more than was looked at.
    """

    since: datetime
    until: datetime
    looked_at: int
    told: int
    items: list[WouldTell]
    missed: list[WouldNotTell]
    complete: bool


class BankBranch(Request):
    """One branch of a bank with all below it; 总行 is the head office alone."""

    bank: str
    branch: str


class Exclude(Request):
    """What silences a watchlist: any of these that hits an event or article."""

    banks: list[str | BankBranch] = Field([])
    firms: list[str] = Field([])
    sectors: list[str] = Field([])
    regions: list[str] = Field([])
    words: list[str] = Field([])
    instruments: list[str] = Field([])


class NewWatchlist(Request):
    """A watchlist to make: names of banks and firms in any form, what else to watch, and the channels to send to."""

    name: str
    banks: list[str | BankBranch] = Field([])
    firms: list[str] = Field([])
    sectors: list[str] = Field([])
    regions: list[str] = Field([])
    words: list[str] = Field([])
    logic: Literal["any", "all"] = "any"
    exclude: Exclude = Field(default_factory=lambda: Exclude.model_validate({}))
    triggers: list[Literal["event", "created", "updated", "retracted", "evidence", "mention", "source"]] = Field(
        ["created", "updated", "retracted"]
    )
    changed: list[str] = Field(["amount", "status", "instrument"])
    tech_only: bool = True
    instruments: list[str] = Field([])
    min_amount: float | None = None
    min_confidence: float = 0.0
    zone: str = "Asia/Shanghai"
    hours: list[Window] | None = None
    rhythm: Literal["immediate", "hourly", "daily", "weekly"] = "immediate"
    rhythm_time: str | None = None
    rhythm_day: int | None = None
    muted_until: datetime | None = None
    mention_cap: int = 50
    channels: list[UUID] = Field([])
    enabled: bool = True


class WatchedBranch(Answer):
    """One branch of a bank, as a watchlist names it."""

    bank: str
    branch: str


class Excluded(Answer):
    """What silences a watchlist of yours."""

    banks: list[str | WatchedBranch] = Field([])
    firms: list[str] = Field([])
    sectors: list[str] = Field([])
    regions: list[str] = Field([])
    words: list[str] = Field([])
    instruments: list[str] = Field([])


class Watchlist(Answer):
    """A watchlist of yours."""

    id: UUID
    name: str
    banks: list[str | WatchedBranch]
    firms: list[str]
    resolved: dict[str, str] = Field({})
    suggestions: dict[str, list[str]] = Field({})
    sectors: list[str] = Field([])
    regions: list[str] = Field([])
    words: list[str] = Field([])
    logic: str = "any"
    exclude: Excluded = Field(default_factory=lambda: Excluded.model_validate({}))
    triggers: list[str]
    changed: list[str] = Field([])
    tech_only: bool
    instruments: list[str]
    min_amount: float | None
    min_confidence: float
    zone: str = "Asia/Shanghai"
    hours: list[Window] | None = None
    rhythm: str = "immediate"
    rhythm_time: str | None = None
    rhythm_day: int | None = None
    muted_until: datetime | None = None
    mention_cap: int = 50
    channels: list[UUID]
    enabled: bool
    created_at: datetime


class NewChannel(Request):
    """A channel to make: `kind` webhook takes {"url": …}, email takes {"to": …}."""

    kind: str
    name: str
    config: dict[str, Any]
    enabled: bool = True
    to_owner: bool = False


class Subscriber(Answer):
    """A subscriber: the owner of keys, watchlists and channels."""

    id: UUID
    name: str
    created_at: datetime


class Channel(Answer):
    """A channel of yours; `secret` is set only in the answer to its making."""

    id: UUID
    kind: str
    name: str
    config: dict[str, Any]
    enabled: bool
    paused: bool = False
    disabled_reason: str | None
    failures: int = 0
    failing_since: datetime | None = None
    old_secret_until: datetime | None = None
    confirmed_at: datetime | None = None
    to_owner: bool = False
    created_at: datetime
    secret: str | None = None


class Attempt(Answer):
    """One try of a delivery."""

    number: int
    started_at: datetime
    milliseconds: float | None
    outcome: str | None
    status_code: int | None
    answer: str | None
    reason: str | None
    probe: bool = False


class Delivery(Answer):
    """One alert for one channel; `body` and `tries` are there where a single one was asked for."""

    id: UUID
    type: str
    state: str
    reason: str | None
    advice: str | None = None
    channel: UUID
    event: UUID | None
    version: int | None
    article: UUID | None
    source: UUID | None = None
    watchlists: list[str]
    attempts: int
    created_at: datetime
    due_at: datetime
    delivered_at: datetime | None
    body: Any = None
    tries: list[Attempt] = Field([])


class ChannelCounts(Answer):
    """How many deliveries of one channel wait, arrived and were given up."""

    channel: UUID
    name: str
    kind: str
    enabled: bool
    paused: bool
    open: int
    done: int
    failed: int
    waiting_since: datetime | None
    delivered_at: datetime | None

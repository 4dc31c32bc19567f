"""What the API takes and answers, as pydantic models. Fields that a newer server adds are kept and ignored.

Moments are aware and in UTC; amounts in units of their currency; a field is None where nothing was told.
"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class _Answer(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Party(_Answer):
    """A bank or firm by its id and name; `aliases` are a firm's other names."""

    id: UUID
    name: str
    aliases: list[str] = []


class Amount(_Answer):
    """A sum in units of `currency`; `qualifier` is exact, about, at_least, at_most or range."""

    min: float | int | None
    max: float | int | None
    currency: str
    qualifier: str | None


class Evidence(_Answer):
    """One article's telling: `quote` is characters `start` to `end` of its text."""

    article_id: UUID
    title: str
    url: str | None
    source: str | None
    published: datetime | None
    quote: str
    start: int
    end: int


class Event(_Answer):
    """One financing event. `evidence` is None where the list was asked for without it."""

    id: UUID
    version: int
    state: str
    merged_into: UUID | None
    bank: Party
    branch: str | None
    firm: Party | None
    firm_description: str | None
    tech: bool
    sector: str | None
    instrument: str
    instrument_text: str | None
    amount: Amount | None
    shared_amount: bool
    date: str | None
    term_months: int | None
    status: str
    confidence: float
    first_seen: datetime
    last_seen: datetime
    evidence: list[Evidence] | None = None


class Version(_Answer):
    """One version of an event: the `facts` as they stood, `previous` the old values of what changed."""

    version: int
    type: str
    at: datetime
    facts: dict[str, Any]
    previous: dict[str, Any] | None


class ArticleBrief(_Answer):
    """An article without its text."""

    id: UUID
    title: str
    url: str | None
    source: str | None
    source_id: UUID | None
    author: str | None
    published: datetime | None
    fetched_at: datetime
    quiet: bool
    state: str
    reason: str | None


class Span(_Answer):
    """Where an article tells an event."""

    event_id: UUID
    quote: str
    start: int
    end: int
    confidence: float


class Mention(_Answer):
    """A bank or firm standing in an article, at its first place in `where` (title or text)."""

    kind: str
    name: str
    id: UUID
    where: str
    start: int
    end: int


class Article(ArticleBrief):
    """An article with its text and what was read in it."""

    text: str
    evidence: list[Span]
    mentions: list[Mention]


class NewArticle(_Request):
    """An article to push. `published`: an aware datetime, or an ISO date or date-time (in China's time if naive)."""

    text: str
    title: str = ""
    url: str | None = None
    published: datetime | str | None = None
    source: str | None = None
    author: str | None = None
    quiet: bool = False


class Pushed(_Answer):
    """What became of one pushed article, `number` its place in the request."""

    number: int
    status: Literal["stored", "duplicate", "rejected"]
    id: UUID | None
    reason: str | None


class PushReport(_Answer):
    """What became of each pushed article, in their order."""

    stored: int
    duplicate: int
    rejected: int
    items: list[Pushed]


class Bank(_Answer):
    """A bank or a bank's financing subsidiary."""

    id: UUID
    name: str
    kind: str
    parent: str | None
    stock_code: str | None
    region: str | None
    aliases: list[str]


class Firm(_Answer):
    """An enterprise."""

    id: UUID
    name: str
    stock_code: str | None
    sector: str | None
    tech: bool | None
    region: str | None
    merged_into: UUID | None
    aliases: list[str]


class NewWatchlist(_Request):
    """A watchlist to make: names of banks and firms in any form, and the channels to send to."""

    name: str
    banks: list[str] = []
    firms: list[str] = []
    triggers: list[Literal["event", "mention"]] = ["event"]
    tech_only: bool = True
    instruments: list[str] = []
    min_amount: float | None = None
    min_confidence: float = 0.0
    channels: list[UUID] = []
    enabled: bool = True


class Watchlist(_Answer):
    """A watchlist of yours."""

    id: UUID
    name: str
    banks: list[str]
    firms: list[str]
    triggers: list[str]
    tech_only: bool
    instruments: list[str]
    min_amount: float | None
    min_confidence: float
    channels: list[UUID]
    enabled: bool
    created_at: datetime


class NewChannel(_Request):
    """A channel to make: `kind` webhook takes {"url": …}, email takes {"to": …}."""

    kind: str
    name: str
    config: dict[str, Any]
    enabled: bool = True


class Channel(_Answer):
    """A channel of yours; `secret` is set only in the answer to its making."""

    id: UUID
    kind: str
    name: str
    config: dict[str, Any]
    enabled: bool
    disabled_reason: str | None
    created_at: datetime
    secret: str | None = None


class Attempt(_Answer):
    """One try of a delivery."""

    number: int
    started_at: datetime
    milliseconds: float | None
    outcome: str | None
    status_code: int | None
    answer: str | None
    reason: str | None


class Delivery(_Answer):
    """One alert for one channel; `body` and `tries` are there where a single one was asked for."""

    id: UUID
    type: str
    state: str
    reason: str | None
    channel: UUID
    event: UUID | None
    version: int | None
    article: UUID
    watchlists: list[str]
    attempts: int
    created_at: datetime
    due_at: datetime
    delivered_at: datetime | None
    body: Any = None
    tries: list[Attempt] = []


class Source(_Answer):
    """Where articles come from, and how its polls went."""

    id: UUID
    name: str
    url: str
    kind: str
    zone: str
    enabled: bool
    interval: float | None
    created_at: datetime
    due_at: datetime
    last_polled_at: datetime | None
    last_success_at: datetime | None
    last_item_at: datetime | None
    failures: int
    last_error: str | None


class SourceError(_Answer):
    """What could not be fetched, read or kept: `input` names it, `reason` says why."""

    at: datetime
    input: str
    reason: str


class FieldError(_Answer):
    """One field at fault in a refused request."""

    field: str
    reason: str


class Health(_Answer):
    """The state of the chain; red comes with its reasons."""

    status: str
    reasons: list[str]
    canary: dict[str, Any]
    steps: dict[str, dict[str, Any]]

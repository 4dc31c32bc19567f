"""The shared pool, as the API takes and answers it: events, articles, banks, firms, sources.

Moments are aware and in UTC; amounts in units of their currency; a field is None where nothing was told.
"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from yinqi.base import Answer, Request


class Party(Answer):
    """A bank or firm by its id and name; `aliases` are a firm's other names."""

    id: UUID
    name: str
    aliases: list[str] = Field([])


class Amount(Answer):
    """A sum in units of `currency`; `qualifier` is exact, about, at_least, at_most or range."""

    min: float | int | None
    max: float | int | None
    currency: str
    qualifier: str | None


class Evidence(Answer):
    """One article's telling: `quote` is characters `start` to `end` of its text. Sparse: no title, url and quote."""

    article_id: UUID
    title: str = ""
    url: str | None = None
    source: str | None
    published: datetime | None
    quote: str = ""
    start: int
    end: int


class Event(Answer):
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
    regions: list[str]
    instrument: str
    instrument_text: str | None
    amount: Amount | None
    shared_amount: bool
    date: str | None
    term_months: int | None
    status: str
    confidence: float
    verdict: str | None = None
    first_seen: datetime
    last_seen: datetime
    evidence: list[Evidence] | None = None


class Part(Answer):
    """The chosen fields of something, as they came."""


class Version(Answer):
    """One version of an event: the `facts` as they stood, `previous` the old values of what changed."""

    version: int
    type: str
    at: datetime
    facts: dict[str, Any]
    previous: dict[str, Any] | None


class ArticleBrief(Answer):
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
    forgotten_at: datetime | None = None


class FieldSpan(Answer):
    """Characters `start` to `end` of the article's text prove a field: bank (with its branch), firm, amount …"""

    field: str
    start: int
    end: int


class Span(Answer):
    """Where an article tells an event, and what proves each field."""

    event_id: UUID
    quote: str
    start: int
    end: int
    confidence: float
    spans: list[FieldSpan] = Field(default_factory=list)


class Mention(Answer):
    """A bank or firm standing in an article, at its first place in `where` (title or text)."""

    kind: str
    name: str
    id: UUID
    where: str
    start: int
    end: int


class Reprint(Answer):
    """A further place at which an article stands."""

    source_name: str | None
    url: str | None
    title: str
    published: datetime | None


class Revision(Answer):
    """What an article said before it was corrected; `number` counts from 1, the first version.

    `text` is None where it is not kept any more.
    """

    number: int
    title: str
    text: str | None
    published: datetime | None
    replaced_at: datetime


class Article(ArticleBrief):
    """An article with what was read in it, and its text unless that is not kept any more; `revision` counts its
    versions."""

    text: str | None
    revision: int = 1
    reprints: list[Reprint] = Field(default_factory=list)
    evidence: list[Span]
    mentions: list[Mention]


class NewArticle(Request):
    """An article to push. `published`: an aware datetime, or an ISO date or date-time (in China's time if naive)."""

    text: str
    title: str = ""
    url: str | None = None
    published: datetime | str | None = None
    source: str | None = None
    author: str | None = None
    quiet: bool = False


class Pushed(Answer):
    """What became of one pushed article, `number` its place in the request."""

    number: int
    status: Literal["stored", "duplicate", "rejected"]
    id: UUID | None
    reason: str | None


class PushReport(Answer):
    """What became of each pushed article, in their order."""

    stored: int
    duplicate: int
    rejected: int
    items: list[Pushed]


class Bank(Answer):
    """A bank or a bank's financing subsidiary; `edited` are the fields that are the operator's."""

    id: UUID
    name: str
    kind: str
    parent: str | None
    stock_code: str | None
    region: str | None
    merged_into: UUID | None = None
    edited: list[str] = Field(default_factory=list)
    aliases: list[str]


class Firm(Answer):
    """An enterprise; `edited` as of banks."""

    id: UUID
    name: str
    stock_code: str | None
    sector: str | None
    tech: bool | None
    region: str | None
    merged_into: UUID | None
    edited: list[str] = Field(default_factory=list)
    aliases: list[str]


class Source(Answer):
    """Where articles come from, and how its polls went."""

    id: UUID
    name: str
    url: str
    kind: str
    zone: str
    enabled: bool
    interval: float | None
    shortest_interval: float | None = None
    longest_interval: float | None = None
    selector: str | None = None
    full_text: bool = False
    created_at: datetime
    due_at: datetime
    last_polled_at: datetime | None
    last_success_at: datetime | None
    last_item_at: datetime | None
    failures: int
    last_error: str | None
    rhythm: float | None = None
    items: int | None = None
    health: str = "ok"
    health_since: datetime | None = None
    health_reason: str | None = None


class SourceError(Answer):
    """What could not be fetched, read or kept: `input` names it, `reason` says why."""

    at: datetime
    input: str
    reason: str


class FieldError(Answer):
    """One field at fault in a refused request."""

    field: str
    reason: str


class Health(Answer):
    """The state of the chain; red comes with its reasons."""

    status: str
    reasons: list[str]
    canary: dict[str, Any]
    steps: dict[str, dict[str, Any]]

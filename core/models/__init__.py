"""The tables, one group a file; each file's first line names the one service that writes it."""

from core.models.answers import Idempotency
from core.models.articles import HEALTH, Article, Host, Link, Source, SourceError
from core.models.base import Base, Work, WorkState
from core.models.corrections import Correction
from core.models.deliveries import Attempt, Delivery
from core.models.digests import Digest, DigestEntry, DigestItem, MentionTally
from core.models.events import Event, EventVersion, Evidence, Extraction, Mention, News, Notice
from core.models.files import FileRead
from core.models.indicators import Indicator, IndicatorSeries
from core.models.mail import Mailbox
from core.models.previews import Preview
from core.models.referrals import Referral
from core.models.registers import (
    Bank,
    BankAlias,
    Firm,
    FirmAlias,
    LexiconChange,
    NameTable,
    NameTablePart,
    RegisterEdit,
)
from core.models.retention import Retention
from core.models.same import ArticleBand, ArticleRevision, Reprint
from core.models.search import ArticleIndex, QuoteIndex
from core.models.sessions import SignInTries, WebSession
from core.models.subscribers import ApiKey, Subscriber
from core.models.watchlists import Channel, WatchItem, WatchKey, Watchlist, WatchlistChannel

__all__ = [
    "HEALTH",
    "ApiKey",
    "Article",
    "ArticleBand",
    "ArticleIndex",
    "ArticleRevision",
    "Attempt",
    "Bank",
    "BankAlias",
    "Base",
    "Channel",
    "Correction",
    "Delivery",
    "Digest",
    "DigestEntry",
    "DigestItem",
    "Event",
    "EventVersion",
    "Evidence",
    "Extraction",
    "FileRead",
    "Firm",
    "FirmAlias",
    "Host",
    "Idempotency",
    "Indicator",
    "IndicatorSeries",
    "LexiconChange",
    "Link",
    "Mailbox",
    "Mention",
    "MentionTally",
    "NameTable",
    "NameTablePart",
    "News",
    "Notice",
    "Preview",
    "QuoteIndex",
    "Referral",
    "RegisterEdit",
    "Reprint",
    "Retention",
    "SignInTries",
    "Source",
    "SourceError",
    "Subscriber",
    "WatchItem",
    "WatchKey",
    "Watchlist",
    "WatchlistChannel",
    "WebSession",
    "Work",
    "WorkState",
]

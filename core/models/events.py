"""Written by the extractor; notices of sources by ingest; a notice's work columns are the alerts service's."""

from datetime import date as Date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, NUMRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.models.base import Base, Id, Json, Made, Moment, Words, Work
from core.models.registers import Bank, Firm

_WORD = text("kind = 'word'")
_LIVE = text("state = 'live'")
_SHARED = text("shared_amount")
_UNGROUPED = text("shared_amount AND facility_id IS NULL")
_FOLLOWS = text("shared_amount AND facility_id <> id")
_ONLY_WATCHED = text("bank_id IS NULL AND firm_id IS NULL")
_AMOUNTS = (
    "NULLIF(numrange(LEAST(amount_min, amount_max), GREATEST(amount_min, amount_max), '[]'::text), '(,)'::numrange)"
)
_DAYS = "NULLIF(daterange(LEAST(date_from, date_to), GREATEST(date_from, date_to), '[]'::text), '(,)'::daterange)"

# What statistics count events by, in the index itself: shared sums, and what counts, stand together in it.
_KEYS = ("shared_amount", "tech", "status", "bank_id")
_COUNTED = (
    "id", "firm_id", "instrument", "sector", "regions", "currency", "amount_min", "amount_max", "qualifier",
    "date_from", "date_to", "days", "first_seen", "confidence", "facility_id",
)  # fmt: skip

LATE = 90  # days after which few events are told for the first time
LOOKS_BACK = text(f"lower(days) < (first_seen AT TIME ZONE 'UTC')::date - {LATE}")
LOOKS_AHEAD = text("upper(days) > (first_seen AT TIME ZONE 'UTC')::date + 2")
"""Its last day comes after the day on which it was first told; one more, since China's day begins before UTC's."""


def _newest(name: str, column: str) -> Index:
    """Events of one value of a column by when they were first seen: a page of them costs the same at any depth."""
    return Index(name, text(column) if "(" in column else column, "first_seen", "id")


class Event(Base):
    """One financing event, merged over all articles that tell it; fields as in docs/events.md.

    Amounts in units of `currency`; `date` as told (2024, 2024-Q3, 2024-12-03) with `date_from` and `date_to`
    its first and last day; `state` is live, retracted or merged (then `merged_into` is the event that stands for it).
    `facility_id` is the eldest event that tells the same shared sum, this one where no other does; None until
    extractor/facilities.py has caught up with it, and for what shares none.
    `verdict` is the operator's, if any (corrected, confirmed, rejected), who also set the contract fields `held`: no
    telling changes them, nor takes evidence from such an event (written by the API alone; core/models/corrections.py).
    `amounts` and `days` are both ends as a range, of which one that is untold is the other; null where nothing is told.
    """

    __tablename__ = "event"

    id: Mapped[Id]
    bank_id: Mapped[UUID] = mapped_column(ForeignKey("bank.id"))
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"))
    firm_description: Mapped[str | None]
    branch: Mapped[str | None]
    instrument: Mapped[str]
    instrument_text: Mapped[str | None]
    amount_min: Mapped[Decimal | None] = mapped_column(Numeric(24, 2))
    amount_max: Mapped[Decimal | None] = mapped_column(Numeric(24, 2))
    currency: Mapped[str | None]
    qualifier: Mapped[str | None]
    shared_amount: Mapped[bool] = mapped_column(server_default=text("false"))
    facility_id: Mapped[UUID | None]
    date: Mapped[str | None]
    date_from: Mapped[Date | None]
    date_to: Mapped[Date | None]
    term_months: Mapped[int | None]
    status: Mapped[str]
    tech: Mapped[bool]
    sector: Mapped[str | None]
    regions: Mapped[Words]
    confidence: Mapped[float]
    first_seen: Mapped[Made]
    last_seen: Mapped[Made]
    version: Mapped[int] = mapped_column(server_default="1")
    state: Mapped[str] = mapped_column(server_default="live")
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("event.id"))
    verdict: Mapped[str | None]
    held: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    amounts: Mapped[Range[Decimal] | None] = mapped_column(NUMRANGE, Computed(_AMOUNTS, persisted=True), deferred=True)
    days: Mapped[Range[Date] | None] = mapped_column(DATERANGE, Computed(_DAYS, persisted=True), deferred=True)
    bank: Mapped[Bank] = relationship(lazy="joined")
    firm: Mapped[Firm | None] = relationship(lazy="joined")
    evidence: Mapped[list["Evidence"]] = relationship(lazy="selectin", order_by="Evidence.id")

    __table_args__ = (
        Index("ix_event_pair", "bank_id", "firm_id"),
        Index("ix_event_figures", *_KEYS, postgresql_include=_COUNTED, postgresql_where=_LIVE),
        Index("ix_event_banks", "firm_id", "bank_id", postgresql_where=_LIVE),
        Index("ix_event_seen", "first_seen", "id"),
        Index("ix_event_looks_back", "first_seen", "id", text("lower(days)"), postgresql_where=LOOKS_BACK),
        Index("ix_event_looks_ahead", "first_seen", "id", text("upper(days)"), postgresql_where=LOOKS_AHEAD),
        Index("ix_event_shared", "firm_id", "firm_description", postgresql_where=_SHARED),
        Index("ix_event_ungrouped", "id", postgresql_where=_UNGROUPED),
        Index("ix_event_follows", "facility_id", postgresql_where=_FOLLOWS),
        _newest("ix_event_bank", "bank_id"),
        _newest("ix_event_firm", "firm_id"),
        _newest("ix_event_instrument", "instrument"),
        _newest("ix_event_sector", "sector"),
        _newest("ix_event_status", "status"),
        _newest("ix_event_tech", "tech"),
        _newest("ix_event_currency", "currency"),
        _newest("ix_event_province", "(regions[1])"),
        _newest("ix_event_city", "(regions[2])"),
        Index(
            "ix_event_branch",
            "branch",
            text("(regions[1])"),
            text("(regions[2])"),
            postgresql_ops={"branch": "text_pattern_ops"},
        ),
        Index("ix_event_amounts", "amounts", postgresql_using="gist"),
        Index("ix_event_days", "days", postgresql_using="gist"),
        Index("ix_event_sum", text("COALESCE(amount_max, amount_min)"), "id"),
        Index("ix_event_day", "date_from", "id"),
        Index("ix_event_confidence", "confidence", "id"),
        CheckConstraint("state IN ('live', 'retracted', 'merged')", name="state"),
        CheckConstraint("verdict IN ('corrected', 'confirmed', 'rejected')", name="verdict"),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
    )


class Evidence(Base):
    """One article's telling of an event: `text[start:end] == quote` of the article's text; `facts` as told there.

    `spans` are the [field, start, end] of the text's characters that prove a field; null in rows of older versions.
    `names` are the firm's names told, and those by which the register knows it; `keys` join the bank with their stems
    (extractor/kinship.py) and find the tellings that may be of the same event.
    """

    __tablename__ = "evidence"

    id: Mapped[Id]
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), index=True)
    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    position: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    quote: Mapped[str]
    facts: Mapped[Json]
    spans: Mapped[list[Any] | None] = mapped_column(JSONB)
    names: Mapped[Words]
    keys: Mapped[Words]
    confidence: Mapped[float]
    created_at: Mapped[Made]

    __table_args__ = (
        UniqueConstraint("article_id", "position"),
        Index("ix_evidence_keys", "keys", postgresql_using="gin"),
    )


class EventVersion(Base):
    """A change of an event: `type` is event.created, event.updated or event.retracted; `previous` the old values."""

    __tablename__ = "event_version"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    facts: Mapped[Json]
    previous: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    at: Mapped[Made]

    __table_args__ = (Index("ix_event_version_at", "at"),)


class News(Base):
    """A version of an event that was told as news, and its place (`number`) in the live stream.

    Whoever records a version aloud adds its row; core/news.py numbers rows once they are committed, so that numbers
    grow in the order in which rows could be seen, which their making does not.
    """

    __tablename__ = "news"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[Made]
    number: Mapped[int | None] = mapped_column(BigInteger, unique=True)

    __table_args__ = (
        ForeignKeyConstraint(["event_id", "version"], ["event_version.event_id", "event_version.version"]),
        Index("ix_news_unnumbered", "made_at", postgresql_where=text("number IS NULL")),
    )


class Extraction(Base):
    """That an article was extracted: by which engine, model and lexicon, in how many milliseconds."""

    __tablename__ = "extraction"

    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    engine: Mapped[str]
    model: Mapped[str | None]
    lexicon: Mapped[str]
    events: Mapped[int]
    milliseconds: Mapped[float]
    at: Mapped[Made]


class Mention(Base):
    """A bank or firm standing in an article; one row for each, at its first place. A name that is only watched has
    neither id: it is no firm until an article proves it, and only its watchers see it.

    Or (kind word) a watched word: `name` is the key of the watch items that ask for it. It has a row for its first
    place in the title, in the text, and in each evidence that the article holds.

    In monthly parts by the article's id (core/partitions.py).
    """

    __tablename__ = "mention"

    id: Mapped[Id]
    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    bank_id: Mapped[UUID | None] = mapped_column(ForeignKey("bank.id"), index=True)
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"), index=True)
    start: Mapped[int]
    end: Mapped[int]
    where: Mapped[str]

    __table_args__ = (
        PrimaryKeyConstraint("article_id", "id"),
        Index("uq_mention_name", "article_id", "kind", "name", unique=True, postgresql_where=text("kind <> 'word'")),
        Index("uq_mention_word", "article_id", "name", "where", "start", unique=True, postgresql_where=_WORD),
        Index("ix_mention_watched", "name", "article_id", postgresql_where=_ONLY_WATCHED),
        {"postgresql_partition_by": "RANGE (article_id)"},
    )


class Notice(Work, Base):
    """What is to be told: a new version of an event, that an article tells an event as it is known (then no version),
    an article's mentions (then no event), or how a source is (then no article, and all that is told of it in `facts`;
    written by ingest)."""

    __tablename__ = "notice"

    id: Mapped[Id]
    kind: Mapped[str]
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("event.id"))
    version: Mapped[int | None]
    article_id: Mapped[UUID | None] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"))
    facts: Mapped[Json | None]
    created_at: Mapped[Made]
    done_at: Mapped[Moment | None]

    indexes = (
        UniqueConstraint("event_id", "version"),
        Index(
            "uq_notice_evidence",
            "event_id",
            "article_id",
            unique=True,
            postgresql_where=text("event_id IS NOT NULL AND version IS NULL"),
        ),
        Index("uq_notice_mention", "article_id", unique=True, postgresql_where=text("event_id IS NULL")),
        Index("ix_notice_source", "source_id", postgresql_where=text("source_id IS NOT NULL")),
    )

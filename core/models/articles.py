"""Written by ingest; only an article's work columns are the extractor's."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, Id, Made, Moment, Work


class Source(Base):
    """Where articles come from. `interval` in seconds, `zone` where its naive times are read.

    `alert_backlog`: what the source already held at its first poll, or is old, alerts too (the demo asks for it).
    """

    __tablename__ = "source"

    id: Mapped[Id]
    name: Mapped[str]
    url: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    zone: Mapped[str] = mapped_column(server_default="Asia/Shanghai")
    enabled: Mapped[bool] = mapped_column(server_default=sql("true"))
    interval: Mapped[float | None]
    alert_backlog: Mapped[bool] = mapped_column(server_default=sql("false"))
    created_at: Mapped[Made]
    due_at: Mapped[Made]
    lease_until: Mapped[Moment | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    first_polled_at: Mapped[Moment | None]
    last_polled_at: Mapped[Moment | None]
    last_success_at: Mapped[Moment | None]
    last_item_at: Mapped[Moment | None]
    failures: Mapped[int] = mapped_column(server_default="0")
    last_error: Mapped[str | None]

    __table_args__ = (Index("ix_source_due", "due_at", postgresql_where=sql("enabled")),)


class SourceError(Base):
    """What could not be fetched, read or kept: `input` names it (an address, an item's place), `reason` says why."""

    __tablename__ = "source_error"

    id: Mapped[Id]
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"))
    at: Mapped[Made]
    input: Mapped[str]
    reason: Mapped[str]

    __table_args__ = (Index("ix_source_error_source", "source_id", "at"),)


class Article(Work, Base):
    """One item as collected. `quiet` updates the history without alerting; `canary` shows nowhere.

    `content_hash` is the SHA-256 (hex) of title and text; `published` is the source's own time, None if untold.
    """

    __tablename__ = "article"

    id: Mapped[Id]
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("source.id", ondelete="SET NULL"))
    url: Mapped[str | None]
    canonical_url: Mapped[str | None] = mapped_column(unique=True)
    title: Mapped[str]
    text: Mapped[str]
    author: Mapped[str | None]
    source_name: Mapped[str | None]
    published: Mapped[Moment | None]
    fetched_at: Mapped[Made]
    content_hash: Mapped[str] = mapped_column(unique=True)
    quiet: Mapped[bool] = mapped_column(server_default=sql("false"))
    canary: Mapped[bool] = mapped_column(server_default=sql("false"))

    indexes = (
        Index("ix_article_recent", "fetched_at", "id", postgresql_where=sql("NOT canary")),
        Index("ix_article_canary", "fetched_at", postgresql_where=sql("canary")),
        Index("ix_article_source", "source_id", "fetched_at"),
        CheckConstraint("length(text) BETWEEN 1 AND 5000000", name="text_length"),
    )

"""Written by alerts."""

from datetime import date as Date
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, Id, Json, Made, Moment, Work


class Digest(Work, Base):
    """What waits for one channel until a moment (`ends_at`), to be told then in one message; `due_at` begins there."""

    __tablename__ = "digest"

    id: Mapped[Id]
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channel.id", ondelete="CASCADE"))
    ends_at: Mapped[Moment]
    created_at: Mapped[Made]

    indexes = (UniqueConstraint("channel_id", "ends_at"),)


class DigestItem(Base):
    """One notice that waits for a digest because a list asked for it: gone once it was told, with its list, or where
    nothing is left to tell.

    `cause`: rhythm (the list's), hours (it came outside of them) or cap (the day's mentions were told). `data` is what
    its alert would say; null for events, which are told as they are in the end.
    """

    __tablename__ = "digest_item"

    digest_id: Mapped[UUID] = mapped_column(ForeignKey("digest.id", ondelete="CASCADE"), primary_key=True)
    watchlist_id: Mapped[UUID] = mapped_column(ForeignKey("watchlist.id", ondelete="CASCADE"), primary_key=True)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True)
    cause: Mapped[str]
    data: Mapped[Json | None]
    created_at: Mapped[Made]

    __table_args__ = (
        Index("ix_digest_item_watchlist_id", "watchlist_id"),
        Index("ix_digest_item_notice_id", "notice_id"),
    )


class DigestEntry(Base):
    """One event or article that a digest told, and for which lists: no digest of the channel tells it again, and who
    was told of an event hears of its end."""

    __tablename__ = "digest_entry"

    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channel.id", ondelete="CASCADE"))
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    version: Mapped[int | None]
    article_id: Mapped[UUID | None] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    watchlists: Mapped[list[str]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))

    __table_args__ = (
        Index("ix_digest_entry_channel_id", "channel_id"),
        Index("ix_digest_entry_event_id", "event_id", postgresql_where=text("event_id IS NOT NULL")),
        Index("ix_digest_entry_article_id", "article_id", postgresql_where=text("article_id IS NOT NULL")),
    )


class MentionTally(Base):
    """How many articles' mentions a list was to be told on a day of its zone."""

    __tablename__ = "mention_tally"

    watchlist_id: Mapped[UUID] = mapped_column(ForeignKey("watchlist.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[Date]
    count: Mapped[int]

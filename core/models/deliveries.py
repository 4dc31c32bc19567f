"""Written by alerts."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.models.base import Base, Id, Made, Moment, Work


class Delivery(Work, Base):
    """One event version, one article's mentions, or what one notice says (`notice_id`: of a source, of an event's
    further evidence), for one channel.

    `body` is frozen when the delivery is made, so that every attempt says the same; its id is the webhook-id.
    `state` done is delivered, failed is given up; `due_at` is when the next attempt may start.
    """

    __tablename__ = "delivery"

    id: Mapped[Id]
    subscriber_id: Mapped[UUID] = mapped_column(ForeignKey("subscriber.id", ondelete="CASCADE"))
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channel.id", ondelete="CASCADE"))
    type: Mapped[str]
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("event.id"))
    version: Mapped[int | None]
    article_id: Mapped[UUID | None] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    notice_id: Mapped[UUID | None]
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("source.id", ondelete="SET NULL"))
    watchlists: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    body: Mapped[str]
    created_at: Mapped[Made]
    delivered_at: Mapped[Moment | None]
    tries: Mapped[list["Attempt"]] = relationship(lazy="selectin", order_by="Attempt.number")

    indexes = (
        UniqueConstraint("channel_id", "event_id", "version"),
        Index(
            "uq_delivery_mention", "channel_id", "article_id", unique=True, postgresql_where=text("event_id IS NULL")
        ),
        Index(
            "uq_delivery_notice", "channel_id", "notice_id", unique=True, postgresql_where=text("notice_id IS NOT NULL")
        ),
        Index("ix_delivery_source", "source_id", postgresql_where=text("source_id IS NOT NULL")),
        Index("ix_delivery_next", "channel_id", "due_at", "id", postgresql_where=text("state = 'open'")),
        Index("ix_delivery_subscriber", "subscriber_id", "created_at", "id"),
    )


class Attempt(Base):
    """One try of a delivery. `outcome` None: started and never recorded as ended (in doubt). `probe`: sent to see
    whether a channel that fails is back; it costs none of the delivery's tries.

    `answer` is the first 2 kB of what the other side said; `reason` says in words what it meant.

    In monthly parts by the delivery's id (core/partitions.py).
    """

    __tablename__ = "attempt"

    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[Made]
    milliseconds: Mapped[float | None]
    outcome: Mapped[str | None]
    status_code: Mapped[int | None]
    answer: Mapped[str | None]
    reason: Mapped[str | None]
    probe: Mapped[bool] = mapped_column(server_default=text("false"))

    __table_args__ = ({"postgresql_partition_by": "RANGE (delivery_id)"},)

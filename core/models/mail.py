"""Written by alerts and the API."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, Moment


class Mailbox(Base):
    """What is known of one e-mail address (in lower case), whichever subscribers write to it.

    `asked`: when it was asked to confirm, within a day. `recent`: when it was sent messages, within an hour.
    `bounces` that may pass, in a row, the last of them at `bounced_at` for the message `bounced_id`. One that was
    `suppressed_at` some moment is written to no more: for a `cause` (bounce, complaint, refusal), and why in words.
    """

    __tablename__ = "mailbox"

    address: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(server_default=text("uuidv7()"))
    asked: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)), server_default="{}")
    recent: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)), server_default="{}")
    bounces: Mapped[int] = mapped_column(server_default="0")
    bounced_at: Mapped[Moment | None]
    bounced_id: Mapped[str | None]
    suppressed_at: Mapped[Moment | None]
    cause: Mapped[str | None]
    reason: Mapped[str | None]

    __table_args__ = (
        Index("ix_mailbox_suppressed_at", "suppressed_at", postgresql_where=text("suppressed_at IS NOT NULL")),
    )

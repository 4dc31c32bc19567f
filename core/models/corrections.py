"""Written by the API: what the operator found when an event was looked at by hand."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, Id, Made

VERDICTS = ("corrected", "confirmed", "rejected", "released")


class Correction(Base):
    """One look at an event by hand: `facts` are the contract fields that were set, `previous` what they said before;
    `verdict` is one of VERDICTS, `version` the event's version after it, `note` the operator's reason in words.

    What holds of all of an event's corrections stands in its own row (`verdict`, `held`).
    """

    __tablename__ = "correction"

    id: Mapped[Id]
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    subscriber_id: Mapped[UUID | None] = mapped_column(ForeignKey("subscriber.id", ondelete="SET NULL"))
    verdict: Mapped[str]
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    previous: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    note: Mapped[str | None]
    version: Mapped[int]
    at: Mapped[Made]

    __table_args__ = (
        Index("ix_correction_event", "event_id", "id"),
        CheckConstraint("verdict IN ('corrected', 'confirmed', 'rejected', 'released')", name="verdict"),
    )

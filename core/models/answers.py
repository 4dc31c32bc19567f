"""Written by the API."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, Id, Made, Moment

KEPT = timedelta(hours=24)
"""How long an answer is given again."""


class Idempotency(Base):
    """What a request with an Idempotency-Key was answered, so that the same request again is not carried out again.

    `digest` is the SHA-256 (hex) of the query and the body. Until there is a `status` it is being carried out by
    whoever holds `token`, until `lease_until`. `body` is encrypted with the API key that
    asked, of which only a hash is kept.
    """

    __tablename__ = "idempotency"

    id: Mapped[Id]
    api_key: Mapped[str] = mapped_column(ForeignKey("api_key.hash", ondelete="CASCADE"))
    route: Mapped[str]
    key: Mapped[str]
    digest: Mapped[str]
    created_at: Mapped[Made]
    token: Mapped[UUID]
    lease_until: Mapped[Moment]
    status: Mapped[int | None]
    media_type: Mapped[str | None]
    body: Mapped[bytes | None]

    __table_args__ = (
        Index("uq_idempotency_request", "api_key", "route", "key", unique=True),
        Index("ix_idempotency_created_at", "created_at"),
    )

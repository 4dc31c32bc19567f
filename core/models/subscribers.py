"""Written by the API."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.models.base import Base, Id, Made, Moment, Words


class Subscriber(Base):
    """The owner of API keys, watchlists and channels. `asked`: when addresses were asked to confirm, within a day."""

    __tablename__ = "subscriber"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[Made]
    asked: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)), server_default="{}")


class ApiKey(Base):
    """A key, of which only the SHA-256 (hex) is kept; `name` and `prefix` let its owner tell keys apart.

    `scopes` are read, write and admin (push articles, edit registers, correct events); keys of earlier versions say
    operator for admin (core/keys.py). `last_used_at` to ten minutes, so that requests need not write.
    """

    __tablename__ = "api_key"

    id: Mapped[Id]
    subscriber_id: Mapped[UUID] = mapped_column(ForeignKey("subscriber.id", ondelete="CASCADE"), index=True)
    name: Mapped[str | None]
    prefix: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[Words]
    created_at: Mapped[Made]
    expires_at: Mapped[Moment | None]
    revoked_at: Mapped[Moment | None]
    last_used_at: Mapped[Moment | None]
    subscriber: Mapped[Subscriber] = relationship(lazy="joined")

"""Written by the API."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.models.base import Base, Id, Made, Moment
from core.models.subscribers import ApiKey

LIFE = timedelta(days=14)
"""How long a sign-in lasts: a fortnight of holidays signs nobody out, and a lost laptop does not stay in for good."""


class SignInTries(Base):
    """How often a sign-in was tried from an address since a moment; success takes the row away."""

    __tablename__ = "sign_in_tries"

    address: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[Made] = mapped_column(index=True)
    tries: Mapped[int]


class WebSession(Base):
    """A sign-in to the dashboard with an API key, with which it ends. Only the SHA-256 (hex) of its token is kept.

    `agent`: what the browser calls itself, so that its owner can tell sessions apart; `seen_at` to ten minutes.
    """

    __tablename__ = "session"

    id: Mapped[Id]
    api_key_id: Mapped[UUID] = mapped_column(ForeignKey("api_key.id", ondelete="CASCADE"), index=True)
    hash: Mapped[str] = mapped_column(unique=True)
    agent: Mapped[str]
    created_at: Mapped[Made]
    seen_at: Mapped[Made]
    expires_at: Mapped[Moment] = mapped_column(index=True)
    api_key: Mapped[ApiKey] = relationship(lazy="joined")

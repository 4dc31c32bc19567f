"""Written by the extractor."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, Id, Made


class Referral(Base):
    """One article's telling that one firm recommended another to a bank: `text[start:end] == quote` of its text.

    Tellings of the same two firms and bank are one referral, however many articles tell it (api/resources/referrals).
    An article's tellings are counted by `position`, so that one that is read again keeps its rows.
    """

    __tablename__ = "referral"

    id: Mapped[Id]
    from_firm_id: Mapped[UUID] = mapped_column(ForeignKey("firm.id"), index=True)
    to_firm_id: Mapped[UUID] = mapped_column(ForeignKey("firm.id"), index=True)
    bank_id: Mapped[UUID] = mapped_column(ForeignKey("bank.id"), index=True)
    branch: Mapped[str | None]
    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    position: Mapped[int]
    quote: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    confidence: Mapped[float]
    created_at: Mapped[Made]

    __table_args__ = (
        UniqueConstraint("article_id", "position"),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
    )

"""Written by the extractor."""

from datetime import date as Date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.models.base import Base, Id, Made, Words
from core.models.registers import Bank


class IndicatorSeries(Base):
    """What figures are told of: one kind of one class of firms, of one bank or of all in a region (docs/indicators.md).

    `id` follows from the other columns (extractor/indicators/keep.py); `programme` is empty but for subject programme,
    `bank_id` None for all banks of `region`, which is empty for the whole country.
    """

    __tablename__ = "indicator_series"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    programme: Mapped[str] = mapped_column(server_default="")
    bank_id: Mapped[UUID | None] = mapped_column(ForeignKey("bank.id"))
    branch: Mapped[str | None]
    region: Mapped[Words]
    unit: Mapped[str]
    period: Mapped[str]
    created_at: Mapped[Made]
    bank: Mapped[Bank | None] = relationship(lazy="joined")

    __table_args__ = (
        Index("ix_indicator_series_created", "created_at", "id"),
        Index("ix_indicator_series_bank", "bank_id"),
        Index("ix_indicator_series_region", "region", postgresql_using="gin"),
    )


class Indicator(Base):
    """One article's telling of a figure: `text[start:end] == quote`; values in units of the series.

    `date` as told with `as_of` its last day; growth in percent, increments in units of the series; `position`
    counts the article's figures.
    """

    __tablename__ = "indicator"

    id: Mapped[Id]
    series_id: Mapped[UUID] = mapped_column(ForeignKey("indicator_series.id"))
    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    position: Mapped[int]
    subject_text: Mapped[str]
    value: Mapped[Decimal | None] = mapped_column(Numeric(24, 4))
    qualifier: Mapped[str | None]
    date: Mapped[str | None]
    as_of: Mapped[Date | None]
    growth: Mapped[Decimal | None] = mapped_column(Numeric(24, 4))
    growth_base: Mapped[str | None]
    growth_qualifier: Mapped[str | None]
    increment: Mapped[Decimal | None] = mapped_column(Numeric(24, 4))
    increment_base: Mapped[str | None]
    increment_qualifier: Mapped[str | None]
    start: Mapped[int]
    end: Mapped[int]
    quote: Mapped[str]
    confidence: Mapped[float]
    created_at: Mapped[Made]

    __table_args__ = (
        UniqueConstraint("article_id", "position"),
        Index("ix_indicator_series_date", "series_id", "as_of", "id"),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
    )

"""Written by the extractor, and filled by its duties in the scheduler's process."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base


class ArticleIndex(Base):
    """The pairs of signs of an article's title and text (core/plain.py), by which any piece of them is found.

    None until they are worked out (extractor/text_index.py). What is found by them is compared with the text itself.
    """

    __tablename__ = "article_index"

    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    grams: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))

    __table_args__ = (
        Index(
            "ix_article_index_grams", "grams", postgresql_using="gin", postgresql_with={"gin_pending_list_limit": 1024}
        ),
        Index("ix_article_index_open", "article_id", postgresql_where=text("grams IS NULL")),
    )


class QuoteIndex(Base):
    """An evidence's quote made plain (core/plain.py), and its pairs of signs, by which any piece of it is found.

    Made with the index of its article; both are null where that is still to be done for a row of an older version.
    """

    __tablename__ = "quote_index"

    evidence_id: Mapped[UUID] = mapped_column(ForeignKey("evidence.id", ondelete="CASCADE"), primary_key=True)
    plain: Mapped[str | None]
    grams: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))

    __table_args__ = (
        Index(
            "ix_quote_index_grams", "grams", postgresql_using="gin", postgresql_with={"gin_pending_list_limit": 1024}
        ),
        Index("ix_quote_index_open", "evidence_id", postgresql_where=text("grams IS NULL")),
    )

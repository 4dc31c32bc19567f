"""Written by ingest: what it knows an article again by, where it was printed once more, what it said before."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, Id, Made, Moment


class ArticleBand(Base):
    """A band of an article's sketch (ingest/same/sketch.py), by which near-duplicates are found.

    Nine small rows an article, so there is no foreign key to be checked for each: bands of an article that is gone
    lead nowhere. The newest of a band are read off the end of its part of the index, however many there are.
    """

    __tablename__ = "article_band"

    band: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    article_id: Mapped[UUID] = mapped_column(primary_key=True)


class Reprint(Base):
    """A further place at which an article stands: under another address, headline or byline, maybe cut."""

    __tablename__ = "reprint"

    id: Mapped[Id]
    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("source.id", ondelete="SET NULL"))
    url: Mapped[str | None]
    canonical_url: Mapped[str | None] = mapped_column(unique=True)
    content_hash: Mapped[str]
    title: Mapped[str]
    source_name: Mapped[str | None]
    published: Mapped[Moment | None]
    seen_at: Mapped[Made]

    __table_args__ = (
        Index("ix_reprint_article", "article_id", "id"),
        Index("ix_reprint_hash", "content_hash"),
    )


class ArticleRevision(Base):
    """What an article said before it was corrected; `number` counts from 1, the first version."""

    __tablename__ = "article_revision"

    article_id: Mapped[UUID] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    content_hash: Mapped[str]
    published: Mapped[Moment | None]
    replaced_at: Mapped[Made]

    __table_args__ = (Index("ix_article_revision_hash", "content_hash"),)

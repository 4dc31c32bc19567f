"""A duty of catching up: the pairs of signs of articles that were read, by which any piece of a text is found."""

from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.models import Article, ArticleIndex, Extraction
from core.plain import grams, plain

BATCH = 50  # articles indexed in one transaction


def index_articles(session: Session) -> int:
    """Index the articles that are not indexed yet, or were corrected since."""
    open_ = (
        select(ArticleIndex.article_id, Article.title, Article.text)
        .join(Article, Article.id == ArticleIndex.article_id)
        .where(ArticleIndex.grams.is_(None))
        .limit(BATCH)
        .with_for_update(of=ArticleIndex, skip_locked=True)
    )
    rows = [{"article_id": row.article_id, "grams": grams_of(row.title, row.text)} for row in session.execute(open_)]
    if rows:
        session.execute(update(ArticleIndex), rows)
    return len(rows)


def is_behind(session: Session, by: timedelta) -> bool:
    """Whether an article that was read longer ago than that is not indexed yet."""
    late = select(ArticleIndex.article_id).join(Extraction, Extraction.article_id == ArticleIndex.article_id)
    late = late.where(ArticleIndex.grams.is_(None), Extraction.at < func.now() - by)
    return session.scalar(late.limit(1)) is not None


def grams_of(title: str, text: str) -> list[int]:
    """The pairs of both."""
    return sorted({*grams(plain(title).text), *grams(plain(text).text)})

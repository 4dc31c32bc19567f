"""Articles' texts are others' copyright: after their time they go, with those of earlier versions."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.models import Article, ArticleIndex, ArticleRevision, WorkState

_AS_IT_IS = {"synchronize_session": False}


def forget_texts(session: Session, before: datetime, most: int) -> int:
    """Empty up to `most` texts of articles collected before a moment, the oldest first; how many articles.

    What waits to be read keeps its text until it was read. Title, quotes, hashes and sketches stay: the article is
    known again when it comes again. By its text it is found no more: it is indexed anew, with title and quotes.
    """
    over = (Article.fetched_at < before, Article.forgotten_at.is_(None), ~Article.canary)
    chosen = select(Article.id).where(*over, Article.state != WorkState.OPEN).order_by(Article.fetched_at)
    ids = session.scalars(chosen.limit(most).with_for_update(skip_locked=True)).all()
    if ids:
        values = {"text": "", "forgotten_at": func.now(), "sketched": True}
        session.execute(update(Article).where(Article.id.in_(ids)).values(values), execution_options=_AS_IT_IS)
        revised = update(ArticleRevision).where(ArticleRevision.article_id.in_(ids)).values(text="")
        session.execute(revised, execution_options=_AS_IT_IS)
        unindexed = update(ArticleIndex).where(ArticleIndex.article_id.in_(ids)).values(grams=None)
        session.execute(unindexed, execution_options=_AS_IT_IS)
    return len(ids)

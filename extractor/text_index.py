"""Duties of catching up: the pairs of signs of texts and quotes, by which any piece of them is found."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.models import Article, ArticleIndex, Evidence, Extraction, QuoteIndex
from core.plain import grams, plain
from core.sql import Query, given, table

BATCH = 50  # articles, or quotes, indexed in one transaction
_UNINDEXED, _QUOTE_UNINDEXED = ArticleIndex.grams.is_(None), QuoteIndex.grams.is_(None)
OPEN_ARTICLES = select(ArticleIndex.article_id).where(_UNINDEXED)
OPEN_QUOTES = select(QuoteIndex.evidence_id).where(_QUOTE_UNINDEXED)

_of_articles, _of_quotes = table(ArticleIndex), table(QuoteIndex)
_made = given("rows", _of_articles, "article_id", "grams")
_KEEP_ARTICLES = Query(
    update(_of_articles).where(_of_articles.c.article_id == _made.c.article_id).values(grams=_made.c.grams)
)
_QUOTED = ("evidence_id", "plain", "grams")
_new = insert(_of_quotes).from_select(_QUOTED, select(given("rows", _of_quotes, *_QUOTED)))
_KEEP_QUOTES = Query(
    _new.on_conflict_do_update(
        index_elements=["evidence_id"], set_={"plain": _new.excluded.plain, "grams": _new.excluded.grams}
    )
)


def index_articles(session: Session) -> int:
    """Index the articles that are not indexed yet, or were corrected since, and the quotes in them; one whose text went
    by its quotes."""
    open_ = (
        select(ArticleIndex.article_id, Article.title, Article.text, Article.forgotten_at)
        .join(Article, Article.id == ArticleIndex.article_id)
        .where(_UNINDEXED)
        .limit(BATCH)
        .with_for_update(of=ArticleIndex, skip_locked=True)
    )
    found = session.execute(open_).all()
    quotes = _quotes(session, [row.article_id for row in found if row.forgotten_at])
    rows = [
        {"article_id": row.article_id, "grams": grams_of(row.title, row.text, *quotes.get(row.article_id, ()))}
        for row in found
    ]
    if rows:
        _KEEP_ARTICLES(session, rows=rows)
        told = select(Evidence.id, Evidence.quote).where(Evidence.article_id.in_([row.article_id for row in found]))
        _keep(session, session.execute(told))
    return len(rows)


def index_quotes(session: Session) -> int:
    """Index the quotes that are there since a version that did not."""
    open_ = (
        select(Evidence.id, Evidence.quote)
        .join(QuoteIndex, QuoteIndex.evidence_id == Evidence.id)
        .where(_QUOTE_UNINDEXED)
        .limit(BATCH)
        .with_for_update(of=QuoteIndex, skip_locked=True)
    )
    return _keep(session, session.execute(open_))


def _keep(session: Session, quotes: Iterable[Any]) -> int:
    made = [(row.id, plain(row.quote).text) for row in quotes]
    if made:
        _KEEP_QUOTES(session, rows=[{"evidence_id": id_, "plain": text, "grams": grams(text)} for id_, text in made])
    return len(made)


def is_behind(session: Session, by: timedelta) -> bool:
    """Whether an article that was read longer ago than that is not indexed yet."""
    late = select(ArticleIndex.article_id).join(Extraction, Extraction.article_id == ArticleIndex.article_id)
    late = late.join(Article, Article.id == ArticleIndex.article_id).where(Article.forgotten_at.is_(None))
    late = late.where(_UNINDEXED, Extraction.at < func.now() - by)
    return session.scalar(late.limit(1)) is not None


def grams_of(*texts: str) -> list[int]:
    """The pairs of all of them."""
    return sorted({pair for text in texts for pair in grams(plain(text).text)})


def _quotes(session: Session, article_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The quotes of articles: all that is kept of their texts, and by which their events are found."""
    found: dict[UUID, list[str]] = {}
    asked = select(Evidence.article_id, Evidence.quote).where(Evidence.article_id.in_(article_ids))
    for article_id, quote in session.execute(asked) if article_ids else ():
        found.setdefault(article_id, []).append(quote)
    return found

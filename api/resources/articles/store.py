"""All SQL of `/v1/articles`; the canary shows nowhere."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, insert, not_, or_, select
from sqlalchemy.orm import Session, defer

from api import pagination
from api.resources.articles.schemas import ArticleQuery
from api.schemas import PROVEN
from core import sql
from core.models import Article, ArticleRevision, Evidence, Firm, Mention, Reprint, SourceError

_TELL = sql.Query(insert(sql.table(SourceError)).values(input=bindparam("input"), reason=bindparam("reason")))


def page(session: Session, query: ArticleQuery) -> tuple[Sequence[Article], str | None]:
    """The articles that pass every filter, last collected first, without their texts."""
    found = select(Article).where(not_(Article.canary)).options(defer(Article.text))
    if query.source is not None:
        found = found.where(Article.source_id == query.source)
    if query.state is not None:
        found = found.where(Article.state == query.state)
    if query.since is not None:
        found = found.where(Article.fetched_at >= query.since)
    return pagination.fetch(session, found, query, what="articles", moment=Article.fetched_at, row_id=Article.id)


def find(session: Session, article_id: UUID) -> Article | None:
    """The article of that id."""
    return session.scalar(select(Article).where(Article.id == article_id, not_(Article.canary)))


def tell(session: sql.Asker, given: str, reason: str) -> None:
    """Record what of a pushed text could not be kept, beside the answer to whoever pushed it."""
    _TELL(session, input=given.replace("\0", "")[:200], reason=reason.replace("\0", ""))


def evidence(session: Session, article_id: UUID) -> Sequence[Evidence]:
    """The events that it tells, in the order of the text."""
    return session.scalars(select(Evidence).where(Evidence.article_id == article_id).order_by(Evidence.position)).all()


def mentions(session: Session, article_id: UUID) -> Sequence[Any]:
    """The banks and proven firms standing in it, in the order of the text."""
    resolved = or_(Mention.bank_id.is_not(None), Firm.origin.in_(PROVEN))
    statement = select(Mention).outerjoin(Firm, Mention.firm_id == Firm.id)
    statement = statement.where(Mention.article_id == article_id, resolved)
    return session.scalars(statement.order_by(Mention.where.desc(), Mention.start)).all()


def reprints(session: Session, article_id: UUID) -> Sequence[Reprint]:
    """The further places at which it stands, in the order in which they were seen."""
    return session.scalars(select(Reprint).where(Reprint.article_id == article_id).order_by(Reprint.id)).all()


def revision(session: Session, article_id: UUID) -> int:
    """The number of its present version."""
    earlier = select(func.count()).select_from(ArticleRevision).where(ArticleRevision.article_id == article_id)
    return 1 + (session.scalar(earlier) or 0)


def revisions(session: Session, article_id: UUID) -> Sequence[ArticleRevision]:
    """Its earlier versions, the first one first."""
    found = select(ArticleRevision).where(ArticleRevision.article_id == article_id)
    return session.scalars(found.order_by(ArticleRevision.number)).all()


def around(session: Session, evidence_ids: Sequence[UUID], characters: int) -> dict[UUID, tuple[int, str]]:
    """What stands around each quote, `characters` before and after it: where that begins, and the text.

    Left out are quotes that do not stand there any more: of a text that was corrected, or is not kept.
    """
    first = func.greatest(Evidence.start - characters, 0)
    text = func.substr(Article.text, first + 1, Evidence.end + characters - first)
    found = select(Evidence.id, first.label("first"), text.label("text"), Evidence.start, Evidence.end, Evidence.quote)
    found = found.join(Article, Article.id == Evidence.article_id).where(Evidence.id.in_(evidence_ids))
    rows = session.execute(found)
    return {row.id: (row.first, row.text) for row in rows if row.text[row.start - row.first :].startswith(row.quote)}

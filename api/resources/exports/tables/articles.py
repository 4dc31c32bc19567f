"""Articles without their texts, which are others' copyright."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from api.resources.articles import store
from api.resources.articles.routes import brief
from api.resources.articles.schemas import ArticleBrief, ArticleQuery
from api.resources.exports.columns import Column, Item, Kind, at, moment
from api.resources.exports.tables.base import Table, pages


def items(session: Session, asked: ArticleQuery, _: UUID) -> Iterator[Sequence[Item]]:
    """The articles that pass the filter, last collected first."""
    for rows in pages(session, asked, lambda query: store.page(session, query)):
        yield [ArticleBrief.model_validate(brief(row)).model_dump(mode="json") for row in rows]


ARTICLES = Table(
    "articles",
    (
        Column("id", Kind.TEXT, at("id")),
        Column("title", Kind.TEXT, at("title")),
        Column("url", Kind.TEXT, at("url")),
        Column("source", Kind.TEXT, at("source")),
        Column("source_id", Kind.TEXT, at("source_id")),
        Column("author", Kind.TEXT, at("author")),
        Column("published", Kind.MOMENT, moment("published")),
        Column("fetched_at", Kind.MOMENT, moment("fetched_at")),
        Column("quiet", Kind.FLAG, at("quiet")),
        Column("state", Kind.TEXT, at("state")),
        Column("reason", Kind.TEXT, at("reason")),
    ),
    items,
)

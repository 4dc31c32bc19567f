"""What goes in and out of `/v1/search`."""

from typing import Literal
from uuid import UUID

from pydantic import Field, field_validator

from api.pagination import PageQuery
from api.resources.articles.schemas import ArticleBrief
from api.resources.events.schemas import EventOut
from api.schemas import Name, Out
from api.terms import Terms


class SnippetOut(Out):
    """A piece of a title or text, `text`, that begins at its character `start`; `marks` are the [start, end] of what
    was found, counted in `text`."""

    where: Literal["title", "text"]
    start: int
    text: str
    marks: list[tuple[int, int]]


class FoundArticle(ArticleBrief):
    """An article without its text, and where in it stands what was searched."""

    snippets: list[SnippetOut]


class FoundEvent(Out):
    """An event, and the quote of its evidence in which stands what was searched; `start` counts in the article."""

    event: EventOut
    article_id: UUID
    snippets: list[SnippetOut]


class FoundArticles(Out):
    """One page, the newest (or, by `best`, the best) first. A page may hold less than `limit` and have a `next`.

    `suggestion`, where nothing is found: what was searched cut into words that an article holds.
    """

    items: list[FoundArticle]
    next: str | None
    suggestion: str | None = None


class FoundEvents(Out):
    """One page, the newest first. A page may hold less than `limit` and have a `next`. `suggestion`: as of articles."""

    items: list[FoundEvent]
    next: str | None
    suggestion: str | None = None


class SearchQuery(PageQuery):
    """What is searched: pieces of text, set apart by blanks, all of which must stand there."""

    q: Name = Field(
        description="Pieces of two characters or more apart by blanks, phrases in quotes; all must stand there"
    )
    limit: int = Field(20, ge=1, le=100, description="Most items on the page")

    @field_validator("q")
    @classmethod
    def _long_enough(cls, value: str) -> str:
        Terms.of(value)
        return value


class ArticleSearchQuery(SearchQuery):
    """The same for articles, and in which order they come."""

    sort: Literal["newest", "best"] = Field("newest", description="`best`: of the newest 300, by how they fit")

"""Pages of what was found: candidates by their pairs of signs, compared with their text until a page is full."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import rjieba
from sqlalchemy.orm import Session

from api import pagination
from api.errors import Invalid
from api.resources.articles.routes import brief
from api.resources.search import store
from api.resources.search.schemas import ArticleSearchQuery, SearchQuery
from api.terms import Terms, score
from core.models import Article
from core.views import event_view

MOST_RANKED = 300  # articles of which `best` chooses
MOST_COMPARED = 1000  # texts compared for one page: what then follows is the next page's
SPARE = 10  # texts read at once beyond those of a page: few hold the pairs of signs and not the piece
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
Page = dict[str, Any]


def newest(session: Session, query: ArticleSearchQuery) -> Page:
    """The newest first."""
    terms = Terms.of(query.q)
    what = query.bound("found articles")
    before = _after(query, what)
    rows, last = _gather(
        store.articles(session, terms.grams, query.limit + SPARE),
        lambda row: terms.stand_in(row.Article.title, row.Article.text),
        before,
        query.limit,
    )
    items = [_article(terms, row.Article) for row in rows]
    nothing = not items and before is None and last is None
    return {"items": items, "next": _next(what, last), "suggestion": _suggestion(session, terms) if nothing else None}


def best(session: Session, query: ArticleSearchQuery) -> Page:
    """Those of the newest that fit best; there is no page after it."""
    if query.cursor is not None:
        raise Invalid.at("query.cursor", "goes with sort=newest only")
    terms = Terms.of(query.q)
    rows = [row.Article for row in store.articles(session, terms.grams, MOST_RANKED)(None)]
    words = _words(terms)
    fitting = [row for row in rows if terms.stand_in(row.title, row.text)]
    fitting.sort(key=lambda row: score(words, row.title, row.text), reverse=True)
    items = [_article(terms, row) for row in fitting[: query.limit]]
    return {"items": items, "next": None, "suggestion": None if items else _suggestion(session, terms)}


def events(session: Session, query: SearchQuery) -> Page:
    """Events by one of their quotes, the newest first."""
    terms = Terms.of(query.q)
    what = query.bound("found events")
    before = _after(query, what)
    rows, last = _gather(
        store.evidence(session, terms.grams, query.limit + SPARE),
        lambda row: terms.stand_in(row.quote),
        before,
        query.limit,
    )
    told = store.events(session, [row.thing for row in rows])
    items = [
        {
            "event": event_view(told[row.thing]),
            "article_id": row.article_id,
            "snippets": terms.snippets([("text", row.quote, row.start)]),
        }
        for row in rows
    ]
    nothing = not items and before is None and last is None
    return {"items": items, "next": _next(what, last), "suggestion": _suggestion(session, terms) if nothing else None}


def _suggestion(session: Session, terms: Terms) -> str | None:
    """What was searched cut into words, where some article holds them all."""
    words = terms.words()
    rows = store.articles(session, words.grams, SPARE)(None) if words else []
    if words and any(words.stand_in(row.Article.title, row.Article.text) for row in rows):
        return " ".join(words.pieces)
    return None


def _words(terms: Terms) -> set[str]:
    """The pieces, and jieba's words of them."""
    return {*terms.pieces, *(word for piece in terms.pieces for word in rjieba.cut(piece) if len(word) > 1)}


def _article(terms: Terms, row: Article) -> dict[str, Any]:
    return {**brief(row), "snippets": terms.snippets([("title", row.title, 0), ("text", row.text, 0)])}


def _gather(
    ask: store.Ask, holds: Callable[[Any], bool], before: UUID | None, limit: int
) -> tuple[list[Any], UUID | None]:
    """The first `limit` things, each once, one of whose rows holds what is searched; and, where more may follow, the
    last that was looked at. `ask` answers the rows that follow a row, or (at first) the thing `before`."""
    found: dict[UUID, Any] = {}
    compared, last, place = 0, before, before
    while rows := ask(place):
        for row in rows:
            if row.thing != last and (len(found) == limit or compared >= MOST_COMPARED):
                return list(found.values()), last
            if row.thing not in found and holds(row):
                found[row.thing] = row
            compared, last, place = compared + 1, row.thing, row
    return list(found.values()), None


def _after(query: SearchQuery, what: str) -> UUID | None:
    return None if query.cursor is None else pagination.decode(what, query.cursor).id


def _next(what: str, last: UUID | None) -> str | None:
    return None if last is None else pagination.encode(what, pagination.Position(_NEVER, last))

"""`/articles/{id}`: an article as it was collected, with what was read in it; `…/revisions`: what it said before."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import Request, Response

from api.dashboard import marking
from api.dashboard.deps import Viewer
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.deps import Db
from api.errors import not_found
from api.resources.articles import store
from api.resources.articles.routes import stands
from api.resources.events import store as events
from core.models import Article, Evidence
from core.views import event_view

LONGEST = 100_000  # characters of a text that are shown: a whole book of them would hold up any browser
router = page_router()
PAGE = Page("article", router)


@router.get("/articles/{article_id}")
def show(request: Request, _: Viewer, db: Db, article_id: UUID) -> Response:
    """The text with the quotes that tell events, and what proves each field."""
    article = store.find(db, article_id)
    if article is None:
        raise not_found("article")
    evidence = [one for one in store.evidence(db, article_id) if stands(one, article)]
    found = {one.event_id: events.find(db, one.event_id) for one in evidence}
    views = {key: event_view(event) for key, event in found.items() if event is not None}
    spans = [span for one in evidence if one.event_id in views for span in marking.fields_of(one, views[one.event_id])]
    texts = _texts(article, evidence, spans)
    given: dict[str, Any] = {
        "article": article,
        "texts": texts,
        "colours": marking.legend(piece for pieces in texts for piece in pieces),
        "cut": len(article.text) > LONGEST,
    }
    told = [view for view in views.values() if view["state"] == "live"]
    more: dict[str, Any] = {"mentions": store.mentions(db, article_id), "reprints": store.reprints(db, article_id)}
    return render(request, "article.html", **given, **more, events=told, revision=store.revision(db, article_id))


def _texts(article: Article, evidence: Sequence[Evidence], spans: list[marking.Span]) -> list[list[marking.Piece]]:
    """The article's text in pieces; where it is not kept any more each of its quotes, which are."""
    if article.forgotten_at is None:
        return [marking.pieces(article.text[:LONGEST], [(one.start, one.end) for one in evidence], spans)]
    quotes = {(one.start, one.end): one.quote for one in sorted(evidence, key=lambda one: one.start)}
    return [marking.pieces(quote, [place], spans, start=place[0]) for place, quote in quotes.items()]


@router.get("/articles/{article_id}/revisions")
def revisions(request: Request, _: Viewer, db: Db, article_id: UUID) -> Response:
    """What the article said before it was corrected, the last first."""
    article = store.find(db, article_id)
    if article is None:
        raise not_found("article")
    return render(request, "revisions.html", article=article, revisions=store.revisions(db, article_id)[::-1])

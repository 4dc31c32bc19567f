"""`/articles/{id}`: an article as it was collected, with what was read in it; `…/revisions`: what it said before."""

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
from api.resources.events import store as events
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
    evidence = [one for one in store.evidence(db, article_id) if article.text[one.start : one.end] == one.quote]
    found = {one.event_id: events.find(db, one.event_id) for one in evidence}
    views = {key: event_view(event) for key, event in found.items() if event is not None}
    spans = [span for one in evidence if one.event_id in views for span in marking.fields_of(one, views[one.event_id])]
    quotes = [(one.start, one.end) for one in evidence]
    pieces = marking.pieces(article.text[:LONGEST], quotes, spans)
    given: dict[str, Any] = {
        "article": article,
        "pieces": pieces,
        "colours": marking.legend(pieces),
        "cut": len(article.text) > LONGEST,
    }
    told = [view for view in views.values() if view["state"] == "live"]
    more: dict[str, Any] = {"mentions": store.mentions(db, article_id), "reprints": store.reprints(db, article_id)}
    return render(request, "article.html", **given, **more, events=told, revision=store.revision(db, article_id))


@router.get("/articles/{article_id}/revisions")
def revisions(request: Request, _: Viewer, db: Db, article_id: UUID) -> Response:
    """What the article said before it was corrected, the last first."""
    article = store.find(db, article_id)
    if article is None:
        raise not_found("article")
    return render(request, "revisions.html", article=article, revisions=store.revisions(db, article_id)[::-1])

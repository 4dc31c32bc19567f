"""`/events/{id}`: one event: its facts, how sure it is, every telling quoted where it stands, every version."""

from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from api.dashboard import marking
from api.dashboard.deps import Viewer
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.deps import Db
from api.errors import not_found
from api.resources.articles import store as articles
from api.resources.events import store
from core.models import Article, Event, Evidence
from core.views import CONTRACT, event_view

AROUND = 80  # characters of an article shown before and after a quote
router = page_router()
PAGE = Page("event", router)


@router.get("/events/{event_id}")
def show(request: Request, _: Viewer, db: Db, event_id: UUID) -> Response:
    """The event; one that was merged into another leads there."""
    event = store.find(db, event_id)
    if event is None:
        raise not_found("event")
    if event.merged_into is not None:
        return RedirectResponse(f"/events/{event.merged_into}")
    view = event_view(event)
    told = _tellings(db, event, view)
    versions = [_version(row) for row in reversed(store.versions(db, event_id))]
    colours = marking.legend(piece for one in told for piece in one["pieces"])
    return render(request, "event.html", event=view, tellings=told, versions=versions, colours=colours)


def _tellings(db: Session, event: Event, view: dict[str, Any]) -> list[dict[str, Any]]:
    """Each telling with its article and the quote in what stands around it."""
    rows = store.tellings(db, [event])[event.id]
    around = articles.around(db, [row.id for row, _ in rows], AROUND)
    return [_telling(row, article, around.get(row.id), view) for row, article in rows]


def _telling(row: Evidence, article: Article, around: tuple[int, str] | None, view: dict[str, Any]) -> dict[str, Any]:
    start, text = around or (row.start, row.quote)
    spans = marking.fields_of(row, view)
    pieces = marking.pieces(text, [(row.start, row.end)], spans, start=start)
    return {"article": article, "pieces": pieces, "confidence": row.confidence, "cut": start > 0}


def _version(row: Any) -> dict[str, Any]:
    """A version with what changed in it: (field, the old value, the new one)."""
    previous = row.previous or {}
    changes = [(name, previous[name], row.facts.get(name)) for name in CONTRACT if name in previous]
    return {"version": row.version, "type": row.type, "at": row.at, "changes": changes}

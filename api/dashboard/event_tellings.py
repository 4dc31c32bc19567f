"""How articles tell an event: each quote in what stands around it, what proves each field in its colour."""

from typing import Any

from sqlalchemy.orm import Session

from api.dashboard import marking
from api.resources.articles import store as articles
from api.resources.events import store
from core.models import Article, Event, Evidence

AROUND = 80  # characters of an article shown before and after a quote


def quoted(db: Session, event: Event, view: dict[str, Any]) -> dict[str, Any]:
    """`tellings` and the `colours` that stand in them, for the macro `tellings`; `view` as event_view gives it."""
    rows = store.tellings(db, [event])[event.id]
    around = articles.around(db, [row.id for row, _ in rows], AROUND)
    told = [_telling(row, article, around.get(row.id), view) for row, article in rows]
    return {"tellings": told, "colours": marking.legend(piece for one in told for piece in one["pieces"])}


def _telling(row: Evidence, article: Article, around: tuple[int, str] | None, view: dict[str, Any]) -> dict[str, Any]:
    start, text = around or (row.start, row.quote)
    spans = marking.fields_of(row, view)
    pieces = marking.pieces(text, [(row.start, row.end)], spans, start=start)
    return {"article": article, "pieces": pieces, "confidence": row.confidence, "cut": start > 0}

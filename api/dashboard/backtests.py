"""What a watchlist would have told, for people: each event once, with the quote that tells it."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from api.dashboard import marking
from api.resources.events import store
from core.models import Event
from core.views import event_view

SHOWN = 30  # of what it would have told, the latest
PERIODS = (7, 30, 90, 365)
"""Days that may be looked back."""


def view(session: Session, result: dict[str, Any]) -> dict[str, Any]:
    """The API's answer with `rows` in place of `items`: an event's alerts are one row, the latest of them."""
    rows: dict[UUID, dict[str, Any]] = {}
    for item in result["items"]:
        key = item["event"] or item["article"]
        if key in rows:
            rows[key]["times"] += 1
        elif len(rows) < SHOWN:
            rows[key] = {**item, "times": 1}
    _fill(session, rows)
    return {**result, "rows": list(rows.values())}


def _fill(session: Session, rows: dict[UUID, dict[str, Any]]) -> None:
    """Give each event's row what the event is now, with the facts as they were told, and its first quote."""
    found = {key: store.find(session, key) for key, row in rows.items() if row["event"]}
    events = [event for event in found.values() if event is not None]
    told = store.tellings(session, events)
    for event in events:
        rows[event.id] |= {"view": _as_told(event, rows[event.id]["facts"]), "quote": None}
        for evidence, article in told[event.id][:1]:
            spans = marking.fields_of(evidence, event_view(event))
            pieces = marking.pieces(evidence.quote, [], spans, start=evidence.start)
            rows[event.id]["quote"] = {"pieces": pieces, "article": article}


def _as_told(event: Event, facts: dict[str, Any]) -> dict[str, Any]:
    return {**event_view(event), **{name: facts[name] for name in ("amount", "instrument", "status") if name in facts}}

"""From the names asked for to the dossier: who is meant → their events → grouped by firm and bank, sorted by date."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from api.resources.dossier import naming, store
from api.resources.dossier.naming import Asked
from api.resources.dossier.schemas import DossierOut, DossierQuery
from api.resources.events.store import tellings
from api.resources.referrals import ways
from core.clock import now
from core.models import Article, Event, Evidence, Firm
from core.views import event_view, evidence_view

Telling = tuple[Evidence, Article]


def dossier(session: Session, query: DossierQuery) -> DossierOut:
    """The dossier of the firms that are asked for."""
    asked = naming.meant(session, query.firm)
    ids = list(dict.fromkeys(one.firm_id for one in asked if one.firm_id is not None))
    found, more = store.events(session, ids, query) if ids else ([], False)
    evidence = tellings(session, [event for _, event in found])
    of_firm: dict[UUID, list[Event]] = defaultdict(list)
    for firm_id, event in found:
        of_firm[firm_id].append(event)
    known, chains = store.firms(session, ids), ways.through(session, ids)
    made = {
        "made_at": now(),
        "firms": [
            _firm(known[firm_id], asked, of_firm[firm_id], evidence) | {"chains": _with(firm_id, chains)}
            for firm_id in ids
        ],
        "not_meant": [_not_meant(one) for one in asked if one.firm_id is None],
        "events": len(found),
        "truncated": more,
    }
    return DossierOut.model_validate(made)


def _firm(
    firm: Firm, asked: Iterable[Asked], events: Sequence[Event], evidence: Mapping[UUID, Sequence[Telling]]
) -> dict[str, Any]:
    mine = [one for one in asked if one.firm_id == firm.id]
    aliases = sorted({row.alias for row in firm.aliases} - {firm.name})
    return {
        "asked": [one.text for one in mine],
        "meant_by": mine[0].how,
        "firm": {"id": firm.id, "name": firm.name, "aliases": aliases},
        "stock_code": firm.stock_code,
        "events": len(events),
        "banks": _banks(events, evidence),
    }


def _with(firm_id: UUID, chains: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The chains of recommendations in which a firm stands."""
    return [chain for chain in chains if any(firm["id"] == firm_id for firm in chain["firms"])]


def _banks(events: Sequence[Event], evidence: Mapping[UUID, Sequence[Telling]]) -> list[dict[str, Any]]:
    """The banks in the order of their first events, each with its rows."""
    grouped: dict[UUID, list[Event]] = defaultdict(list)
    for event in sorted(events, key=_when):
        grouped[event.bank_id].append(event)
    return [
        {
            "bank": {"id": bank_id, "name": rows[0].bank.name},
            "rows": [_row(event, evidence.get(event.id, ())) for event in rows],
        }
        for bank_id, rows in grouped.items()
    ]


def _when(event: Event) -> tuple[bool, date, Any]:
    """By the date told, undated ones last, then by when they were first seen."""
    return event.date_from is None, event.date_from or date.max, (event.first_seen, str(event.id))


def _row(event: Event, told: Sequence[Telling]) -> dict[str, Any]:
    view = event_view(event)
    fields = ("branch", "instrument", "instrument_text", "amount", "shared_amount", "date", "term_months", "status")
    surest = sorted(told, key=lambda telling: (-telling[0].confidence, str(telling[0].id)))
    return {
        "event_id": event.id,
        **{name: view[name] for name in fields},
        "planned": event.status == "planned",
        "confidence": view["confidence"],
        "evidence": [evidence_view(row, article) for row, article in surest],
    }


def _not_meant(one: Asked) -> dict[str, Any]:
    return {
        "asked": one.text,
        "reason": "several" if one.how == "several" else "unknown",
        "suggestions": [{"id": row.id, "name": row.name} for row in one.suggestions],
    }

"""The one public form of an event: what the API answers, a webhook carries and a version records.

Field by field in docs/events.md, after the annotation guide: amounts in units of the currency, dates with the
precision told, `null` where nothing was told.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from core.models import Article, Event, Evidence

# A change of one of these makes a new version; further evidence never does (DESIGN.md, "Event identity").
CONTRACT = (
    "bank",
    "branch",
    "firm",
    "firm_description",
    "tech",
    "instrument",
    "instrument_text",
    "amount",
    "shared_amount",
    "date",
    "term_months",
    "status",
)


def moment(value: datetime | None) -> str | None:
    """An ISO 8601 moment in UTC with a Z, or None."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if value else None


def amount_view(event: Event) -> dict[str, Any] | None:
    """{"min", "max", "currency", "qualifier"}, or None where no amount was told."""
    if event.currency is None:
        return None
    return {
        "min": _number(event.amount_min),
        "max": _number(event.amount_max),
        "currency": event.currency,
        "qualifier": event.qualifier,
    }


def _number(value: Decimal | None) -> int | float | None:
    """A JSON number without a needless fraction."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def facts(event: Event) -> dict[str, Any]:
    """The contract fields of an event as plain JSON values: what versions compare and record."""
    return {
        "bank": event.bank.name,
        "branch": event.branch,
        "firm": event.firm.name if event.firm else None,
        "firm_description": event.firm_description,
        "tech": event.tech,
        "instrument": event.instrument,
        "instrument_text": event.instrument_text,
        "amount": amount_view(event),
        "shared_amount": event.shared_amount,
        "date": event.date,
        "term_months": event.term_months,
        "status": event.status,
    }


def evidence_view(evidence: Evidence, article: Article) -> dict[str, Any]:
    """One article's telling: where it stands and the sentence that proves it."""
    return {
        "article_id": str(evidence.article_id),
        "title": article.title,
        "url": article.url,
        "source": article.source_name,
        "published": moment(article.published),
        "quote": evidence.quote,
        "start": evidence.start,
        "end": evidence.end,
    }


def event_view(event: Event, evidence: Iterable[tuple[Evidence, Article]] | None = None) -> dict[str, Any]:
    """The public form of `event`; with its evidence where that is given, each telling with its article."""
    view: dict[str, Any] = {
        "id": str(event.id),
        "version": event.version,
        "state": event.state,
        "merged_into": str(event.merged_into) if event.merged_into else None,
        **facts(event),
        "bank": {"id": str(event.bank_id), "name": event.bank.name},
        "firm": _firm_view(event),
        "sector": event.sector,
        "regions": list(event.regions),
        "confidence": round(event.confidence * 1000) / 1000,
        "verdict": event.verdict,
        "first_seen": moment(event.first_seen),
        "last_seen": moment(event.last_seen),
    }
    if evidence is not None:
        view["evidence"] = [evidence_view(row, article) for row, article in evidence]
    return view


def _firm_view(event: Event) -> dict[str, Any] | None:
    if event.firm is None:
        return None
    aliases = sorted({row.alias for row in event.firm.aliases} - {event.firm.name})
    return {"id": str(event.firm_id), "name": event.firm.name, "aliases": aliases}

"""A profile, part by part; the dashboard asks the same functions."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from api.errors import not_found
from api.resources.articles.routes import brief
from api.resources.banks import routes as bank_routes
from api.resources.banks import store as banks
from api.resources.firms import routes as firm_routes
from api.resources.firms import store as firms
from api.resources.profiles import bank_ties, firm_ties, store
from api.resources.profiles.schemas import REASONS, ProfileQuery
from api.resources.profiles.store import Subject
from api.resources.stats import answers, facts
from api.resources.stats.schemas import StatsFilter
from core.views import event_view

MOST_YEARS = 100


def of_firm(session: Session, firm_id: UUID, query: ProfileQuery) -> dict[str, Any]:
    """All that is known of a firm (schemas.FirmProfile); not_found where there is none."""
    row = _standing(firms.find, session, "firm", firm_id)
    merged = store.merged(session, "firm", row.id)
    subject = Subject("firm", row.id, [row.id, *(one.id for one in merged)])
    counting, ties = query.counting(firm=[str(row.id)]), firm_ties.ties(session, row, subject.ids)
    return {
        "firm": firm_routes.shown(row),
        **_told(session, subject, query),
        "merged": merged,
        "related": _related(store.related(session, "firm", ties, query.limit)),
        **_figures(session, counting, query.limit, of="bank"),
    }


def of_bank(session: Session, bank_id: UUID, query: ProfileQuery) -> dict[str, Any]:
    """All that is known of a bank (schemas.BankProfile); not_found where there is none."""
    row = _standing(banks.find, session, "bank", bank_id)
    merged = store.merged(session, "bank", row.id)
    subject = Subject("bank", row.id, [row.id, *(one.id for one in merged)])
    counting, ties = query.counting(bank=[str(row.id)]), bank_ties.ties(row, subject.ids)
    return {
        "bank": bank_routes.shown(row),
        **_told(session, subject, query),
        "merged": merged,
        "related": _related(store.related(session, "bank", ties, query.limit)),
        **_figures(session, counting, query.limit, of="firm", more={"sectors": "sector", "regions": "region"}),
    }


def _standing(find: Callable[[Session, UUID], Any], session: Session, what: str, row_id: UUID) -> Any:
    """The row, or the one it was merged into; not_found where there is none."""
    row = find(session, row_id)
    if row is not None and row.merged_into is not None:
        row = find(session, row.merged_into)
    if row is None:
        raise not_found(what)
    return row


def _told(session: Session, subject: Subject, query: ProfileQuery) -> dict[str, Any]:
    """What stands of it, whatever counts in the figures."""
    facts.in_memory(session)
    course = store.course(session, subject)
    first, last = store.ends(session, subject, course)
    return {
        "statuses": course.statuses,
        "first": first and event_view(first),
        "last": last and event_view(last),
        "articles": [brief(row) for row in store.articles(session, subject, query.limit)],
    }


def _figures(
    session: Session, asked: StatsFilter, limit: int, *, of: str, more: dict[str, str] | None = None
) -> dict[str, Any]:
    """The figures of what counts: `of` are the counterparties, `more` further tables with their dimensions."""
    counted, rates = facts.counted(session, asked), answers.rates_of(asked)
    # two dimensions in one look at the events; of more together there may be nearly as many keys as there are events
    figures, total = answers.apart(session, counted, ("year", "instrument"))
    if more:
        figures |= answers.apart(session, counted, tuple(more.values()))[0]
    return {
        "basis": answers.basis(asked, rates, total),
        "total": total.view(rates),
        "counterparties": answers.foremost(session, counted, of, limit=limit, rates=rates),
        **{
            name: answers.grouped(
                session, by, figures[by], total, limit=MOST_YEARS if by == "year" else limit, rates=rates
            )
            for name, by in ({"years": "year", "instruments": "instrument"} | (more or {})).items()
        },
    }


def _related(found: Iterable[Any]) -> list[dict[str, Any]]:
    """Each with its reasons, the closest first."""
    return [
        {"id": row.id, "name": row.name, "reasons": [_tie(row.ties, one) for one in REASONS if one in row.ties]}
        for row in found
    ]


def _tie(ties: dict[str, int], reason: str) -> dict[str, Any]:
    return {"reason": reason, "count": ties[reason]}

"""An article's events into the known ones: gather what may be the same -> group -> assign -> say what changed.

The whole runs in one transaction that holds an advisory lock on each bank the article tells of, so that two workers
with two tellings of one grant make one event. All tellings that may be of the same event are grouped anew each time
(extractor/cluster), so that no order of arrival changes the result; an event is what its group says together
(extractor/compare). Only a change of a contract field makes a new version; an event whose tellings all went to an
older one leads there, and one that lost its last evidence is retracted.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from core.clock import day_in, now
from core.models import Article, Bank, Event, Evidence
from core.views import CONTRACT, facts
from core.work import MATCH, announce
from extractor import firms, mentions_kept, model, store
from extractor.cluster import Telling, cluster, reached
from extractor.compare import combine, likeness
from extractor.kinship import kin, stem
from extractor.periods import span

log = structlog.get_logger(__name__)
NEAR = timedelta(days=1000)  # tellings further apart are never compared (above compare.RETOLD_APART)
_CENT = Decimal("0.01")  # as the column keeps it
MOST = 400  # tellings compared with a new one, the nearest in time: what keeps a much-told pair affordable


def merge(session: Session, article: Article, extraction: model.Extraction) -> None:
    """Bring what `article` tells into the history, and give notice of what is new unless the article is quiet."""
    again = store.was_extracted(session, article)
    locks = {f"bank {event.bank}" for event in extraction.events}
    locks |= {firms.LEARNING for event in extraction.events if event.firm}
    store.lock(session, locks | (store.banks_told(session, article) if again else set()))
    touched = _take_back(session, article) if again else set()
    by_bank: dict[str, list[Evidence]] = defaultdict(list)
    for position, told in enumerate(extraction.events):
        by_bank[told.bank].append(_evidence(article, position, told))
    for name, fresh in by_bank.items():
        touched |= _regroup(session, store.bank_named(session, name), fresh, spare=frozenset(touched))
    for event_id in sorted(touched):
        _settle(session, article, event_id)
    kept = mentions_kept.keep(session, article, extraction.mentions)
    if kept and not article.quiet and store.mentions_asked_for(session):
        _notify(session, "mention", article)


def _take_back(session: Session, article: Article) -> set[UUID]:
    """Forget what the article told and mentioned when it was extracted before; the events that it told."""
    store.drop_mentions(session, article)
    return store.take_back(session, article)


def _evidence(article: Article, position: int, told: model.Event) -> Evidence:
    """The article's telling as a row that belongs to no event yet."""
    names = [name for name in (told.firm, *told.firm_aliases) if name]
    stems = {stem(name) for name in names} or {f"?{told.firm_description}"}
    return Evidence(
        article_id=article.id,
        position=position,
        start=told.start,
        end=told.end,
        quote=told.evidence,
        facts=_facts(article, told),
        names=names,
        keys=sorted(f"{told.bank}|{part}" for part in stems),
        confidence=told.confidence,
    )


def _facts(article: Article, told: model.Event) -> dict[str, Any]:
    """What one article tells (extractor/compare says how it is read)."""
    return {
        "bank": told.bank,
        "branch": told.branch,
        "firm": told.firm,
        "firm_description": told.firm_description,
        "tech": told.tech,
        "instrument": told.instrument,
        "instrument_text": told.instrument_text,
        "amount": told.amount.as_dict() if told.amount else None,
        "shared_amount": told.shared_amount,
        "date": told.date,
        "term_months": told.term_months,
        "status": told.status,
        "sector": told.sector,
        "confidence": told.confidence,
        "published": day_in(article.published or article.fetched_at).isoformat(),
    }


def _regroup(session: Session, bank: Bank, fresh: Sequence[Evidence], *, spare: frozenset[UUID]) -> set[UUID]:
    """Group the new tellings with all that may be of the same events; the events whose tellings changed.

    `spare` are the events that the article told when it was extracted before.
    """
    known = store.tellings_near(session, fresh, within=NEAR, most=MOST)
    told = {row: Telling(row.article_id, row.facts, tuple(row.names)) for row in (*known, *fresh)}
    rows = {id(telling): row for row, telling in told.items()}
    new = [told[row] for row in fresh]
    related = reached(new, [told[row] for row in known])
    groups = [[rows[id(telling)] for telling in group] for group in cluster([*related, *new])]
    # the group with an event's oldest telling keeps it, so the groups choose in the order of their oldest tellings
    groups.sort(key=lambda group: min((str(row.id) for row in group if row.id), default="~"))
    touched: set[UUID] = set()
    taken: set[UUID] = set()
    for group in groups:
        owners = {row.event_id for row in group}
        if len(owners) == 1 and None not in owners and not owners & taken:
            taken |= owners
            continue  # as it was
        touched |= _assign(session, bank, group, taken, spare)
    return touched


def _assign(
    session: Session, bank: Bank, group: Sequence[Evidence], taken: set[UUID], spare: frozenset[UUID]
) -> set[UUID]:
    """Give a group's tellings to its oldest event, or to a new one; the events that gained or lost by it."""
    before = {row.event_id for row in group if row.event_id}
    firm = firms.resolve(session, [row.facts for row in group], [name for row in group for name in row.names])
    free = sorted(before - taken) or [e.id for e in store.bare(session, spare - taken) if _told(e, group[0])]
    event = session.get_one(Event, free[0]) if free else store.new_event(session, bank, firm)
    event.firm = firm
    taken.add(event.id)
    for row in group:
        row.event_id = event.id
        session.add(row)
    session.flush()
    for other in sorted(before - taken):
        store.lead_to(session, other, event.id)
    return before | {event.id}


def _told(event: Event, row: Evidence) -> bool:
    """Whether an event that lost its evidence to this extraction said what `row` says."""
    said = facts(event)
    if row.names:
        named = bool(said["firm"]) and any(kin(said["firm"], name) for name in row.names)
    else:
        named = said["firm_description"] == row.facts["firm_description"]
    return named and likeness(said, row.facts) is not None


def _settle(session: Session, article: Article, event_id: UUID) -> None:
    """Make the event what its evidence says, record a version if the contract changed, and give notice of it."""
    event = store.event(session, event_id)
    before = store.last_facts(session, event)
    tellings = store.facts_of(session, event_id)
    if not tellings:
        _let_go(session, article, event, before)
        return
    _say(event, combine(tellings))
    event.last_seen = now()
    after = facts(event)
    if before is None:
        log.info("event.found", event_id=str(event.id), article_id=str(article.id))
        _version(session, article, event, "event.created", after, None)
    elif changed := {name: before[name] for name in CONTRACT if before[name] != after[name]}:
        _version(session, article, event, "event.updated", after, changed)


def _let_go(session: Session, article: Article, event: Event, before: dict[str, Any] | None) -> None:
    """An event without evidence: it leads to the one that has its tellings now, or is retracted."""
    if event.state == "live" and before is not None:
        event.state = "retracted"
        _version(session, article, event, "event.retracted", before, None)


def _version(
    session: Session,
    article: Article,
    event: Event,
    type_: str,
    after: dict[str, Any],
    previous: dict[str, Any] | None,
) -> None:
    event.version += 1
    store.add_version(session, event, type_, after, previous)
    if not article.quiet:
        _notify(session, type_, article, event)


def _notify(session: Session, kind: str, article: Article, event: Event | None = None) -> None:
    if notice_id := store.add_notice(session, kind, article, event=event):
        announce(session, MATCH, notice_id)


def _say(event: Event, told: dict[str, Any]) -> None:
    """Set the event's columns to combined facts."""
    amount, days = told["amount"] or {}, span(told["date"]) or (None, None)
    event.amount_min, event.amount_max = _exactly(amount.get("min")), _exactly(amount.get("max"))
    event.currency, event.qualifier = amount.get("currency"), amount.get("qualifier")
    event.date_from, event.date_to = days
    for name in ("branch", "firm_description", "tech", "instrument", "instrument_text", "shared_amount"):
        setattr(event, name, told[name])
    for name in ("date", "term_months", "status", "sector", "confidence"):
        setattr(event, name, told[name])


def _exactly(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(_CENT)

"""An article's events into the known ones: resolve names -> find the same event -> add evidence -> say what changed.

The whole runs in one transaction that holds an advisory lock on each bank the article tells of, so that two workers
with two tellings of one grant make one event. An event is what all its evidence says together (extractor/compare);
only a change of a contract field makes a new version, and losing the last evidence retracts it.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from core.clock import day_in, now
from core.models import Article, Bank, Event, Evidence, Firm
from core.names import fold
from core.views import CONTRACT, facts
from core.work import MATCH, announce
from extractor import model, store
from extractor.compare import combine, likeness
from extractor.periods import span

log = structlog.get_logger(__name__)
LEARNING = "firm names"  # the lock under which names are learnt: two articles may teach one firm


def merge(session: Session, article: Article, extraction: model.Extraction) -> None:
    """Bring what `article` tells into the history, and give notice of what is new unless the article is quiet."""
    store.lock(session, {f"bank {event.bank}" for event in extraction.events})
    if any(event.firm for event in extraction.events):
        store.lock(session, [LEARNING])
    touched = store.drop_evidence(session, article)
    fresh: set[UUID] = set()
    for position, told in enumerate(extraction.events):
        event, new = _place(session, article, told, taken=fresh)
        _add_evidence(session, article, event, position, told)
        touched.add(event.id)
        fresh.add(event.id)
        if new:
            log.info("event.found", event_id=str(event.id), article_id=str(article.id))
    for event_id in sorted(touched):
        _settle(session, article, event_id)
    _mentions(session, article, extraction.mentions)


def _place(session: Session, article: Article, told: model.Event, *, taken: set[UUID]) -> tuple[Event, bool]:
    """The known event that `told` tells, or a new one; one article never tells one event twice."""
    bank = store.bank_named(session, told.bank)
    firm = _resolve(session, told) if told.firm else None
    telling = _telling(article, told)
    candidates = [e for e in store.known_events(session, bank, firm, told.firm_description) if e.id not in taken]
    if firm is None:  # described alike is not yet the same: an undisclosed firm needs an equal amount besides
        candidates = [e for e in candidates if told.amount and facts(e)["amount"] == telling["amount"]]
    scored = [(score, event) for event in candidates if (score := _likeness(session, event, telling)) is not None]
    if scored:
        return max(scored, key=lambda pair: pair[0])[1], False  # among equals the oldest, which comes first
    return _new_event(session, bank, firm, telling), True


def _likeness(session: Session, event: Event, telling: dict[str, Any]) -> float | None:
    """How well a telling fits an event: its whole, and no single telling of it may speak against."""
    tellings = [row.facts for row in store.evidence_of(session, event.id)]
    if not tellings:  # told by this article alone, which is being extracted again
        return likeness(facts(event), telling)
    if any(likeness(known, telling) is None for known in tellings):
        return None
    return likeness(combine(tellings) | {"published": tellings[0].get("published")}, telling)


def _resolve(session: Session, told: model.Event) -> Firm:
    """The firm told of, learnt if need be; two learnt rows that this telling shows to be one are joined."""
    assert told.firm is not None
    names = [told.firm, *told.firm_aliases]
    found = store.firms_named(session, names)
    by_name = {fold(alias.alias): firm for firm in found for alias in firm.aliases}
    firm = by_name.get(fold(told.firm)) or (found[0] if found else None)
    if firm is None:
        firm = store.learn_firm(session, told.firm, tech=told.tech, sector=told.sector)
    for other in found:
        if other.id != firm.id and other.origin == firm.origin == "learnt":
            firm, gone = sorted((firm, other), key=lambda row: row.id)
            store.join_firms(session, firm, gone)
            _join_events(session, firm)
    store.add_aliases(session, firm, names)
    return firm


def _join_events(session: Session, firm: Firm) -> None:
    """Events that turn out to be one since their firm is one: the older stays, the other leads to it."""
    by_bank: dict[UUID, list[Event]] = {}
    for event in store.events_of_firm(session, firm):
        older = by_bank.setdefault(event.bank_id, [])
        telling = combine([row.facts for row in store.evidence_of(session, event.id)])
        same = next((known for known in older if _likeness(session, known, telling) is not None), None)
        if same is None:
            older.append(event)
            continue
        store.move_evidence(session, event, same)
        event.state, event.merged_into = "merged", same.id


def _telling(article: Article, told: model.Event) -> dict[str, Any]:
    """One article's telling as facts (extractor/compare says which)."""
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


def _add_evidence(session: Session, article: Article, event: Event, position: int, told: model.Event) -> None:
    session.add(
        Evidence(
            event_id=event.id,
            article_id=article.id,
            position=position,
            start=told.start,
            end=told.end,
            quote=told.evidence,
            facts=_telling(article, told),
            confidence=told.confidence,
        )
    )
    session.flush()


def _new_event(session: Session, bank: Bank, firm: Firm | None, telling: dict[str, Any]) -> Event:
    event = Event(bank_id=bank.id, firm_id=firm.id if firm else None, version=0, confidence=0, state="live")
    _say(event, combine([telling]))
    session.add(event)
    session.flush()
    session.refresh(event)
    return event


def _settle(session: Session, article: Article, event_id: UUID) -> None:
    """Make the event what its evidence says, record a version if the contract changed, and give notice of it."""
    event = session.get_one(Event, event_id)
    before = facts(event) if event.version else None
    tellings = [row.facts for row in store.evidence_of(session, event_id)]
    if not tellings:
        _retract(session, article, event, before)
        return
    _say(event, combine(tellings))
    event.last_seen = now()
    session.flush()
    after = facts(event)
    if before is None:
        _version(session, article, event, "event.created", after, None)
    elif changed := {name: before[name] for name in CONTRACT if before[name] != after[name]}:
        _version(session, article, event, "event.updated", after, changed)


def _retract(session: Session, article: Article, event: Event, before: dict[str, Any] | None) -> None:
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
    session.flush()
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
    return None if value is None else Decimal(str(value))


def _mentions(session: Session, article: Article, mentions: tuple[model.Mention, ...]) -> None:
    """Keep the article's mentions: names that resolve, and watched ones, which nobody else is shown."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for kind in ("bank", "firm"):
        standing = [mention for mention in mentions if mention.kind == kind]
        ids = store.entity_ids(session, kind, [mention.name for mention in standing])
        for mention in standing:
            entity = ids.get(fold(mention.name))
            if entity is None and not mention.watched:
                continue
            rows.setdefault((kind, mention.name), _mention_row(article, mention, entity))
    store.keep_mentions(session, article, rows.values())
    if rows and not article.quiet:
        _notify(session, "mention", article)


def _mention_row(article: Article, mention: model.Mention, entity: UUID | None) -> dict[str, Any]:
    return {
        "article_id": article.id,
        "kind": mention.kind,
        "name": mention.name,
        "bank_id": entity if mention.kind == "bank" else None,
        "firm_id": entity if mention.kind == "firm" else None,
        "start": mention.start,
        "end": mention.end,
        "where": mention.where,
    }

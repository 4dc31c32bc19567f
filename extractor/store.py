"""All SQL of the extractor."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload, lazyload
from sqlalchemy.orm.util import identity_key

from core.models import (
    Article,
    Bank,
    BankAlias,
    Event,
    EventVersion,
    Evidence,
    Firm,
    FirmAlias,
    Mention,
)
from core.names import fold
from extractor import statements
from extractor.kinship import stem


def lock(session: Session, names: Iterable[str]) -> None:
    """Hold each name until the transaction ends; always in one order, so that two workers never wait in a ring."""
    if wanted := sorted(set(names)):
        session.execute(statements.LOCK, {"names": wanted})


def bank_named(session: Session, name: str) -> Bank:
    """The bank of that name; one that no register knows is kept as learnt."""
    found: Bank | None = session.scalar(statements.BANK_NAMED, {"key": fold(name)})
    if found is None:
        found = Bank(name=name, kind="other", origin="learnt")
        found.aliases = [BankAlias(key=fold(name), alias=name)]
        session.add(found)
        session.flush()
    return found


def firms_like(session: Session, names: Collection[str]) -> tuple[list[Firm], list[Firm]]:
    """The firms that one of these names belongs to, and those with a name of the same stem, each oldest first."""
    told = {"keys": list({fold(name) for name in names}), "stems": list({stem(name) for name in names})}
    rows = session.execute(statements.FIRMS_LIKE, told).all()
    return [firm for firm, named, _ in rows if named], [firm for firm, _, alike in rows if alike]


def learn_firm(session: Session, name: str, *, tech: bool, sector: str | None) -> Firm:
    """A firm that an article proves."""
    firm = Firm(name=name, tech=tech, sector=sector, origin="learnt")
    session.add(firm)
    session.flush()
    return firm


def add_aliases(session: Session, firm: Firm, names: Iterable[str]) -> None:
    """Names of the firm that no other firm has."""
    rows = [
        {"key": fold(name), "alias": name, "firm_id": firm.id, "stem": stem(name)}
        for name in {fold(name): name for name in names if fold(name)}.values()
    ]
    if rows:
        session.execute(statements.ADD_ALIASES, rows)
        session.expire(firm, ["aliases"])


def join_firms(session: Session, kept: Firm, gone: Firm) -> None:
    """`gone` was found to be `kept`: its names and events pass over, its row leads there."""
    for table in (FirmAlias, Event, Mention):
        session.execute(update(table).where(table.firm_id == gone.id).values(firm_id=kept.id))
    gone.merged_into = kept.id
    session.flush()
    session.expire_all()


def new_event(session: Session, bank: Bank, firm: Firm | None) -> Event:
    """An event that says nothing yet."""
    event = Event(
        bank=bank,
        firm=firm,
        instrument="other",
        status="planned",
        tech=False,
        confidence=0,
        version=0,
        state="live",
    )
    session.add(event)
    session.flush()
    return event


def lead_to(session: Session, gone: UUID, kept: UUID) -> None:
    """The event `gone` turned out to be `kept`: it still answers, and leads there."""
    session.execute(update(Event).where(Event.id == gone).values(state="merged", merged_into=kept))


def tellings_near(session: Session, fresh: Sequence[Evidence], *, within: timedelta, most: int) -> list[Evidence]:
    """Known tellings that may be of the same events as the fresh ones, the `most` nearest in time, oldest first."""
    days = sorted(date.fromisoformat(row.facts["published"]) for row in fresh)
    span = {"first": (days[0] - within).isoformat(), "last": (days[-1] + within).isoformat(), "most": most}
    keys, found = {key for row in fresh for key in row.keys}, list[Evidence]()
    while True:
        found = list(session.scalars(statements.TELLINGS_NEAR, {"keys": sorted(keys), **span}))
        further = {key for row in found for key in row.keys} - keys
        if not further or len(found) == most:
            return sorted(found, key=lambda row: row.id)
        keys |= further  # a telling with two names leads on to those that know only the other


def event(session: Session, event_id: UUID) -> Event:
    """The event as its row says now, with its bank and firm but without their other names."""
    made_here = session.identity_map.get(identity_key(Event, event_id))
    if made_here is not None and not made_here.version:
        return made_here
    alone = (
        joinedload(Event.bank).lazyload(Bank.aliases),
        joinedload(Event.firm).lazyload(Firm.aliases),
        lazyload(Event.evidence),
    )
    return session.get_one(Event, event_id, options=alone, populate_existing=True)


def facts_of(session: Session, event_id: UUID) -> list[dict[str, Any]]:
    """What all tellings of an event say, oldest first."""
    return list(session.scalars(statements.FACTS_OF, {"event_id": event_id}))


def was_extracted(session: Session, article: Article) -> bool:
    """Whether the article was extracted before, and may have left evidence and mentions."""
    return session.scalar(statements.EXTRACTED, {"id": article.id}) is not None


def banks_told(session: Session, article: Article) -> set[str]:
    """Lock names of the banks that this article's present evidence tells of."""
    rows = session.scalars(select(Evidence.facts["bank"].astext).where(Evidence.article_id == article.id))
    return {f"bank {name}" for name in rows}


def take_back(session: Session, article: Article) -> set[UUID]:
    """Forget what this article told before; the events that it told."""
    statement = delete(Evidence).where(Evidence.article_id == article.id).returning(Evidence.event_id)
    return set(session.scalars(statement))


def bare(session: Session, event_ids: Collection[UUID]) -> list[Event]:
    """Those of the events that have no evidence left, oldest first."""
    if not event_ids:
        return []
    has_some = select(Evidence.id).where(Evidence.event_id == Event.id).exists()
    return list(session.scalars(select(Event).where(Event.id.in_(event_ids), ~has_some).order_by(Event.id)))


def fill_stems(session: Session) -> int:
    """Give a stem to names that came without one (the seeds know nothing of kinship); how many."""
    rows = list(session.scalars(select(FirmAlias.key).where(FirmAlias.stem.is_(None))))
    if rows:
        session.execute(update(FirmAlias), [{"key": key, "stem": stem(key)} for key in rows])
    return len(rows)


def last_facts(session: Session, event: Event) -> dict[str, Any] | None:
    """What the event's last version said; None for one that has none."""
    if not event.version:
        return None
    return session.scalar(
        select(EventVersion.facts).where(EventVersion.event_id == event.id, EventVersion.version == event.version)
    )


def add_version(
    session: Session, event: Event, type_: str, facts: dict[str, Any], previous: dict[str, Any] | None
) -> None:
    """Record a version of an event."""
    session.add(EventVersion(event_id=event.id, version=event.version, type=type_, facts=facts, previous=previous))
    session.flush()


def add_notice(session: Session, kind: str, article: Article, *, event: Event | None = None) -> UUID | None:
    """A notice for alerts; None where it stands already."""
    told = {"event_id": event.id if event else None, "version": event.version if event else None}
    made: UUID | None = session.scalar(statements.ADD_NOTICE, {"kind": kind, "article_id": article.id, **told})
    return made


def drop_mentions(session: Session, article: Article) -> None:
    """Forget the article's mentions."""
    session.execute(delete(Mention).where(Mention.article_id == article.id))


def add_mentions(session: Session, rows: Collection[dict[str, Any]]) -> None:
    """Keep mentions of one article that has none yet."""
    if rows:
        session.execute(statements.ADD_MENTIONS, list(rows))


def mentions_asked_for(session: Session) -> bool:
    """Whether anybody wants to be told of mentions."""
    return session.scalar(statements.MENTIONS_ASKED_FOR) is not None


def entity_ids(session: Session, banks: Collection[str], firms: Collection[str]) -> dict[tuple[str, str], UUID]:
    """(kind, folded name) -> id of the bank or firm that has it."""
    keys = {"banks": list(set(map(fold, banks))), "firms": list(set(map(fold, firms)))}
    return {(kind, key): row_id for kind, key, row_id in session.execute(statements.ENTITY_IDS, keys)}


def record_extraction(session: Session, article: Article, **columns: Any) -> None:
    """That the article was extracted, and by what; a later extraction replaces the record."""
    session.execute(statements.RECORD, {"article_id": article.id, **columns})

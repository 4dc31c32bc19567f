"""All SQL of the extractor."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.models import (
    Article,
    Bank,
    BankAlias,
    Event,
    EventVersion,
    Evidence,
    Extraction,
    Firm,
    FirmAlias,
    LexiconChange,
    Mention,
    Notice,
    WatchItem,
    Watchlist,
)
from core.names import fold
from core.register import BankEntry, FirmEntry


def lexicon_change(session: Session) -> int:
    """The number of the last change to registers or watched names."""
    return session.scalar(select(func.coalesce(func.max(LexiconChange.id), 0))) or 0


def registers(session: Session) -> tuple[list[BankEntry], list[FirmEntry], list[str]]:
    """All banks, the firms of the register (a learnt name is proposed, not yet trusted), and the watched names."""
    bank_aliases = func.array_agg(BankAlias.alias)
    banks = session.execute(select(Bank, bank_aliases).join(BankAlias).group_by(Bank.id).order_by(Bank.name))
    firm_aliases = func.array_agg(FirmAlias.alias)
    firms = session.execute(
        select(Firm, firm_aliases)
        .join(FirmAlias)
        .where(Firm.origin != "learnt", Firm.merged_into.is_(None))
        .group_by(Firm.id)
        .order_by(Firm.name)
    )
    watched = session.scalars(select(WatchItem.name).join(Watchlist).where(Watchlist.enabled).distinct())
    return [_bank_entry(*row) for row in banks], [_firm_entry(*row) for row in firms], sorted(watched)


def _bank_entry(bank: Bank, aliases: Sequence[str]) -> BankEntry:
    others = tuple(sorted(set(aliases) - {bank.name}))
    return BankEntry(
        name=bank.name,
        kind=bank.kind,
        aliases=others,
        stock_code=bank.stock_code,
        parent=bank.parent,
        region=bank.region,
    )


def _firm_entry(firm: Firm, aliases: Sequence[str]) -> FirmEntry:
    others = tuple(sorted(set(aliases) - {firm.name}))
    return FirmEntry(
        name=firm.name,
        aliases=others,
        stock_code=firm.stock_code,
        sector=firm.sector,
        tech=firm.tech,
        region=firm.region,
        origin=firm.origin,
    )


def lock(session: Session, names: Iterable[str]) -> None:
    """Hold each name until the transaction ends; always in one order, so that two workers never wait in a ring."""
    for name in sorted(set(names)):
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def bank_named(session: Session, name: str) -> Bank:
    """The bank of that name; one that no register knows is kept as learnt."""
    found = session.scalar(select(Bank).join(BankAlias).where(BankAlias.key == fold(name)))
    if found is None:
        found = Bank(name=name, kind="other", origin="learnt")
        found.aliases = [BankAlias(key=fold(name), alias=name)]
        session.add(found)
        session.flush()
    return found


def firms_named(session: Session, names: Iterable[str]) -> list[Firm]:
    """The firms that one of these names belongs to, oldest first."""
    keys = {fold(name) for name in names}
    rows = session.scalars(select(Firm).join(FirmAlias).where(FirmAlias.key.in_(keys)).distinct())
    return sorted(rows, key=lambda firm: firm.id)


def learn_firm(session: Session, name: str, *, tech: bool, sector: str | None) -> Firm:
    """A firm that an article proves."""
    firm = Firm(name=name, tech=tech, sector=sector, origin="learnt")
    session.add(firm)
    session.flush()
    return firm


def add_aliases(session: Session, firm: Firm, names: Iterable[str]) -> None:
    """Names of the firm that no other firm has."""
    rows = [{"key": fold(name), "alias": name, "firm_id": firm.id} for name in dict.fromkeys(names) if fold(name)]
    if rows:
        session.execute(insert(FirmAlias).values(rows).on_conflict_do_nothing())
        session.expire(firm, ["aliases"])


def join_firms(session: Session, kept: Firm, gone: Firm) -> None:
    """`gone` was found to be `kept`: its names and events pass over, its row leads there."""
    for table in (FirmAlias, Event, Mention):
        session.execute(update(table).where(table.firm_id == gone.id).values(firm_id=kept.id))
    gone.merged_into = kept.id
    session.flush()
    session.expire_all()


def known_events(session: Session, bank: Bank, firm: Firm | None, description: str | None) -> list[Event]:
    """Live events of the bank with the firm (or with an undisclosed firm so described), oldest first."""
    same_firm = Event.firm_id == firm.id if firm else Event.firm_id.is_(None) & (Event.firm_description == description)
    rows = session.scalars(
        select(Event).where(Event.bank_id == bank.id, same_firm, Event.state == "live").order_by(Event.id)
    )
    return list(rows)


def events_of_firm(session: Session, firm: Firm) -> list[Event]:
    """All live events of a firm, oldest first."""
    return list(
        session.scalars(select(Event).where(Event.firm_id == firm.id, Event.state == "live").order_by(Event.id))
    )


def move_evidence(session: Session, gone: Event, kept: Event) -> None:
    """All tellings of `gone` become tellings of `kept`."""
    session.execute(update(Evidence).where(Evidence.event_id == gone.id).values(event_id=kept.id))
    session.flush()


def evidence_of(session: Session, event_id: UUID) -> list[Evidence]:
    """All tellings of an event, oldest first."""
    return list(session.scalars(select(Evidence).where(Evidence.event_id == event_id).order_by(Evidence.id)))


def drop_evidence(session: Session, article: Article) -> set[UUID]:
    """Forget what this article told before; the events that it told."""
    statement = delete(Evidence).where(Evidence.article_id == article.id).returning(Evidence.event_id)
    return set(session.scalars(statement))


def add_version(
    session: Session, event: Event, type_: str, facts: dict[str, Any], previous: dict[str, Any] | None
) -> None:
    """Record a version of an event."""
    session.add(EventVersion(event_id=event.id, version=event.version, type=type_, facts=facts, previous=previous))
    session.flush()


def add_notice(session: Session, kind: str, article: Article, *, event: Event | None = None) -> UUID | None:
    """A notice for alerts; None where it stands already."""
    return session.scalar(
        insert(Notice)
        .values(
            kind=kind,
            article_id=article.id,
            event_id=event.id if event else None,
            version=event.version if event else None,
        )
        .on_conflict_do_nothing()
        .returning(Notice.id)
    )


def keep_mentions(session: Session, article: Article, rows: Collection[dict[str, Any]]) -> None:
    """Replace the article's mentions."""
    session.execute(delete(Mention).where(Mention.article_id == article.id))
    if rows:
        session.execute(insert(Mention).values(list(rows)).on_conflict_do_nothing())


def entity_ids(session: Session, kind: str, names: Collection[str]) -> dict[str, UUID]:
    """Folded name -> id of the bank or firm that has it."""
    keys = {fold(name) for name in names}
    if kind == "bank":
        rows = session.execute(select(BankAlias.key, BankAlias.bank_id).where(BankAlias.key.in_(keys)))
    else:
        rows = session.execute(select(FirmAlias.key, FirmAlias.firm_id).where(FirmAlias.key.in_(keys)))
    return dict(iter(rows))


def record_extraction(session: Session, article: Article, **columns: Any) -> None:
    """That the article was extracted, and by what; a later extraction replaces the record."""
    statement = insert(Extraction).values(article_id=article.id, **columns)
    fresh = {name: statement.excluded[name] for name in columns} | {"at": text("now()")}
    session.execute(statement.on_conflict_do_update(index_elements=["article_id"], set_=fresh))

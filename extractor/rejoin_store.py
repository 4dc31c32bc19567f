"""All SQL of `rejoin`."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY

from core.models import Bank, BankAlias, Event, Evidence, Firm, FirmAlias, Mention, Referral
from core.names import fold
from core.sql import Asker, Query, record, table
from extractor import statements, store
from extractor.indicators import store as figures

_bank, _bank_alias, _firm, _firm_alias = map(table, (Bank, BankAlias, Firm, FirmAlias))
_event, _evidence, _mention, _referral = map(table, (Event, Evidence, Mention, Referral))


def _any(column: Any, name: str, of: Any = Uuid) -> Any:
    return column == func.any(bindparam(name, type_=ARRAY(of)))


_told_bank = _evidence.c.facts["bank"].astext
_BANKS_OF_FIRMS = Query(
    select(_told_bank.label("name"))
    .join(_event, _event.c.id == _evidence.c.event_id)
    .where(_any(_event.c.firm_id, "firms"))
    .distinct()
)
_EVENTS_OF_FIRM = Query(select(_event.c.id).where(_event.c.firm_id == bindparam("firm_id")).order_by(_event.c.id))
_EVENTS_OF_BANK = Query(select(_event.c.id).where(_event.c.bank_id == bindparam("bank_id")).order_by(_event.c.id))
_BANK = Query(select(*_bank.c["id", "name", "region"]).where(_bank.c.id == bindparam("bank_id")))
_FIRM = Query(select(_firm.c.name).where(_firm.c.id == bindparam("firm_id")))
_NAMES_OF_FIRM = Query(
    select(_firm_alias.c.alias).where(_firm_alias.c.firm_id == bindparam("firm_id")).order_by(_firm_alias.c.key)
)
_TELLINGS_OF = Query(
    select(_evidence.c.id)
    .where(_any(_evidence.c.event_id, "events"), _told_bank == bindparam("bank"))
    .order_by(_evidence.c.facts["published"].astext, _evidence.c.id)
)
_TELLINGS = Query(
    select(*_evidence.c["id", "event_id", "article_id", "facts", "names", "keys"])
    .where(_any(_evidence.c.id, "ids"))
    .order_by(_evidence.c.id)
)
_MERGED = Query(
    select(func.count().label("merged")).where(
        _any(_event.c.merged_into, "events") | _any(_event.c.id, "events"), _event.c.merged_into.is_not(None)
    )
)
_MERGED = Query(select(_event.c.id).where(_any(_event.c.id, "events"), _event.c.state == "merged"))

_PASS_BANK_ON = tuple(
    Query(update(own).where(own.c.bank_id == bindparam("gone")).values(bank_id=bindparam("into")))
    for own in (_bank_alias, _event, _mention, _referral)
)
_LEAD_BANK = Query(
    update(_bank)
    .where((_bank.c.id == bindparam("gone")) | (_bank.c.merged_into == bindparam("gone")))
    .values(merged_into=bindparam("into"))
)
_CHILDREN = Query(update(_bank).where(_bank.c.parent == bindparam("before")).values(parent=bindparam("called")))

# Tellings of a firm know one another by names that all of them hold.
_NAME_TELLINGS = Query(
    text("""
        UPDATE evidence
           SET names = names || ARRAY(SELECT one FROM unnest(CAST(:names AS text[])) one WHERE one <> ALL (names)),
               keys = ARRAY(
                   SELECT DISTINCT one
                     FROM unnest(keys || ARRAY(
                              SELECT (facts ->> 'bank') || '|' || stem FROM unnest(CAST(:stems AS text[])) stem)) one
                    ORDER BY one)
         WHERE event_id IN (SELECT id FROM event WHERE firm_id = :firm_id) AND names <> '{}'
    """)
)
# Tellings name their bank, and are found by its name before each stem.
_NAME_BANK = Query(
    text("""
        UPDATE evidence
           SET facts = facts || jsonb_build_object('bank', CAST(:called AS text)),
               keys = ARRAY(
                   SELECT DISTINCT CAST(:called AS text) || substr(one, strpos(one, '|'))
                     FROM unnest(keys) one ORDER BY 1)
         WHERE event_id IN (SELECT id FROM event WHERE bank_id = :bank_id) AND facts ->> 'bank' = :before
    """)
)
# A version for each live event of a bank whose last one calls it otherwise.
_RECORD_NAME = Query(
    text("""
        WITH called AS (
            UPDATE event SET version = event.version + 1
              FROM event_version last
             WHERE event.bank_id = :bank_id AND event.state = 'live'
               AND last.event_id = event.id AND last.version = event.version
               AND last.facts ->> 'bank' <> :called
         RETURNING event.id, event.version, last.facts)
        INSERT INTO event_version (event_id, version, type, facts, previous)
        SELECT id, version, 'event.updated', facts || jsonb_build_object('bank', CAST(:called AS text)),
               jsonb_build_object('bank', facts -> 'bank')
          FROM called
    """)
)


def lock(session: Asker, names: Sequence[str]) -> None:
    """Hold these locks, in this order, until the transaction ends."""
    statements.LOCK_GIVEN(session, names=names).fetchall()


def banks_of_firms(session: Asker, firm_ids: Sequence[UUID]) -> set[str]:
    """The banks that tellings of events of these firms name."""
    return {row.name for row in _BANKS_OF_FIRMS(session, firms=list(firm_ids))}


def events_of_firm(session: Asker, firm_id: UUID) -> list[UUID]:
    """All events of a firm, whatever their state, oldest first."""
    return [row.id for row in _EVENTS_OF_FIRM(session, firm_id=firm_id)]


def events_of_bank(session: Asker, bank_id: UUID) -> list[UUID]:
    """The same of a bank."""
    return [row.id for row in _EVENTS_OF_BANK(session, bank_id=bank_id)]


def bank(session: Asker, bank_id: UUID) -> Bank:
    """A bank as merging knows it."""
    return record(Bank, **_BANK.mappings(session, bank_id=bank_id).fetchall()[0])


def bank_named(session: Asker, name: str) -> Bank:
    """The bank that tellings call so."""
    [row] = statements.BANKS(session, keys=[fold(name)]).fetchall()
    return record(Bank, id=row.id, name=row.name, region=row.region)


def names_of_firm(session: Asker, firm_id: UUID) -> tuple[str, list[str]]:
    """A firm's own name, and all of its names."""
    [row] = _FIRM(session, firm_id=firm_id).fetchall()
    return row.name, [one.alias for one in _NAMES_OF_FIRM(session, firm_id=firm_id)]


def tellings_of(session: Asker, events: Sequence[UUID], bank: str) -> list[UUID]:
    """The tellings of events that name this bank, the earliest published first."""
    return [row.id for row in _TELLINGS_OF(session, events=list(events), bank=bank)]


def tellings(session: Asker, ids: Sequence[UUID]) -> list[Evidence]:
    """Tellings as merging compares them, oldest first."""
    return [record(Evidence, **row) for row in _TELLINGS.mappings(session, ids=list(ids))]


def merged(session: Asker, events: Sequence[UUID]) -> list[UUID]:
    """Those of the events that stand for nothing of their own any more."""
    return [row.id for row in _MERGED(session, events=list(events))]


def pass_firm_on(session: Asker, into: UUID, gone: UUID) -> None:
    """Names, events, mentions and referrals of `gone` are those of `into`, and its row leads there."""
    store.join_firms(session, record(Firm, id=into), record(Firm, id=gone))


def pass_bank_on(session: Asker, into: UUID, gone: UUID) -> None:
    """The same of a bank, with its figures."""
    for move in (*_PASS_BANK_ON, _LEAD_BANK):
        move(session, into=into, gone=gone)
    figures.pass_bank_on(session, into, gone)


def name_tellings(session: Asker, firm_id: UUID, names: Sequence[str], stems: Sequence[str]) -> None:
    """Let all tellings of a firm hold these names, and be found by their stems."""
    _NAME_TELLINGS(session, firm_id=firm_id, names=list(names), stems=list(stems))


def name_bank(session: Asker, bank_id: UUID, before: str, name: str) -> None:
    """Let tellings of a bank that call it `before` call it `name`, and its subsidiaries too."""
    _NAME_BANK(session, bank_id=bank_id, before=before, called=name)
    _CHILDREN(session, before=before, called=name)


def record_name(session: Asker, bank_id: UUID, name: str) -> None:
    """Record a version of each live event of a bank that is called otherwise in its last one."""
    _RECORD_NAME(session, bank_id=bank_id, called=name)


def new_id(session: Asker) -> UUID:
    """An id for a new row."""
    [row] = statements.IDS(session, count=1).fetchall()
    found: UUID = row.id
    return found

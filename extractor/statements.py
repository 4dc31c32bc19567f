"""Statements that every article runs, built once: building one takes several times as long as running it.

Those that speak of tables, not of entities, flush nothing: what they refer to has been flushed before.
"""

from sqlalchemy import Table, Text, bindparam, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import lazyload

from core.models import Bank, BankAlias, Base, Evidence, Extraction, Firm, FirmAlias, Mention, Notice, Watchlist


def _table(entity: type[Base]) -> Table:
    table = entity.__table__
    assert isinstance(table, Table)
    return table


def _binds(*names: str) -> dict[str, object]:
    return {name: bindparam(name) for name in names}


_banks, _firms, _extraction = _table(BankAlias).c, _table(FirmAlias).c, _table(Extraction).c
_notice, _lists = _table(Notice).c, _table(Watchlist).c

_names = func.unnest(bindparam("names", type_=ARRAY(Text))).column_valued("name")  # read, and so locked, in its order
LOCK = select(func.pg_advisory_xact_lock(func.hashtextextended(_names, 0)))

EXTRACTED = select(_extraction.article_id).where(_extraction.article_id == bindparam("id"))
ADD_ALIASES = insert(_table(FirmAlias)).on_conflict_do_nothing()
ADD_MENTIONS = insert(_table(Mention)).on_conflict_do_nothing()
ADD_NOTICE = (
    insert(_table(Notice))
    .values(_binds("kind", "article_id", "event_id", "version"))
    .on_conflict_do_nothing()
    .returning(_notice.id)
)
MENTIONS_ASKED_FOR = select(_lists.id).where(_lists.enabled, _lists.triggers.contains(["mention"])).limit(1)

ENTITY_IDS = union_all(
    select(literal("bank"), _banks.key, _banks.bank_id).where(
        _banks.key == func.any(bindparam("banks", type_=ARRAY(Text)))
    ),
    select(literal("firm"), _firms.key, _firms.firm_id).where(
        _firms.key == func.any(bindparam("firms", type_=ARRAY(Text)))
    ),
)

_RECORDED = ("engine", "model", "lexicon", "events", "milliseconds")
_record = insert(_table(Extraction)).values(_binds("article_id", *_RECORDED))
RECORD = _record.on_conflict_do_update(
    index_elements=["article_id"],
    set_={name: _record.excluded[name] for name in _RECORDED} | {"at": func.now()},
)

BANK_NAMED = select(Bank).join(BankAlias).where(BankAlias.key == bindparam("key")).options(lazyload(Bank.aliases))

_named = FirmAlias.key == func.any(bindparam("keys", type_=ARRAY(Text)))
_same_stem = (FirmAlias.stem == func.any(bindparam("stems", type_=ARRAY(Text)))) & Firm.merged_into.is_(None)
FIRMS_LIKE = (
    select(Firm, func.bool_or(_named), func.bool_or(_same_stem))
    .join(FirmAlias)
    .where(_named | _same_stem)
    .group_by(Firm.id)
    .order_by(Firm.id)
)

_published = Evidence.facts["published"].astext
TELLINGS_NEAR = (
    select(Evidence)
    .where(
        Evidence.keys.overlap(bindparam("keys", type_=ARRAY(Text))),
        _published.between(bindparam("first"), bindparam("last")),
    )
    .order_by(_published.desc(), Evidence.id)
    .limit(bindparam("most"))
)
_evidence = _table(Evidence).c
FACTS_OF = select(_evidence.facts).where(_evidence.event_id == bindparam("event_id")).order_by(_evidence.id)

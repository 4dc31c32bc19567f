"""The statements of merging, composed once (core/sql.py tells why)."""

from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Text,
    Uuid,
    bindparam,
    delete,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    union,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from core.ahead import HOLD
from core.models import (
    ArticleIndex,
    Bank,
    BankAlias,
    Event,
    EventVersion,
    Evidence,
    Extraction,
    Firm,
    FirmAlias,
    Indicator,
    Mention,
    News,
    Notice,
    Referral,
    Watchlist,
)
from core.sql import Query, table
from extractor.by_hand_store import LOOKED_AT

_bank, _bank_alias, _firm, _firm_alias = map(table, (Bank, BankAlias, Firm, FirmAlias))
_event, _evidence, _version, _notice = map(table, (Event, Evidence, EventVersion, Notice))
_extraction, _mention, _list, _index = map(table, (Extraction, Mention, Watchlist, ArticleIndex))
_indicator, _referral = map(table, (Indicator, Referral))


# As a limit to what is joined it says that each row has one of its own, to be found through an index: the planner knows
# nothing of parameters and temporary sizes, and would rather read a whole register.
_ONE: Any = literal_column("1")


def _array(name: str, of: Any = Text) -> Any:
    return bindparam(name, type_=ARRAY(of))


def _any(column: ColumnElement[Any], name: str, of: Any = Text) -> ColumnElement[bool]:
    return column == func.any(_array(name, of))


def _values(*names: str) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}


# Locks are taken in one order by everyone (that of their bytes), so that two workers never wait in a ring: those of the
# given names and of the banks that the article told of when it was extracted before.
_given = select(func.unnest(_array("names")).label("name"))
_told_before = select(func.concat("bank ", _evidence.c.facts["bank"].astext)).where(
    _evidence.c.article_id == bindparam("article_id")
)
_wanted = union(_given, _told_before).subquery()
_ordered = select(_wanted.c.name).order_by(_wanted.c.name.collate("C")).subquery()
LOCK = Query(select(func.pg_advisory_xact_lock(func.hashtextextended(_ordered.c.name, 0))))
LOCK_GIVEN = Query(select(func.pg_advisory_xact_lock(func.hashtextextended(func.unnest(_array("names")), 0))))
"""The same of an article that was not extracted before, by names in that order."""

_own_article = bindparam("article_id", type_=Uuid)
_new_ids = select(func.uuidv7(type_=Uuid)).select_from(func.generate_series(1, bindparam("count", type_=Integer)))
EARLY = Query(
    HOLD.add_columns(
        or_(
            select(_evidence.c.id).where(_evidence.c.article_id == _own_article).exists(),
            select(_mention.c.id).where(_mention.c.article_id == _own_article).exists(),
            select(_indicator.c.id).where(_indicator.c.article_id == _own_article).exists(),
            select(_referral.c.id).where(_referral.c.article_id == _own_article).exists(),
        ).label("before"),
        func.array(_new_ids.scalar_subquery()).label("ids"),
    )
)
"""The id of a notice that goes ahead, whether an article was extracted before and told something, and new ids."""

_forgotten = delete(_mention).where(_mention.c.article_id == bindparam("article_id")).cte("forgotten")
_uncounted = delete(_indicator).where(_indicator.c.article_id == bindparam("article_id")).cte("uncounted")
_of_it, _beyond = _referral.c.article_id == bindparam("article_id"), _referral.c.position >= bindparam("referrals")
_unreferred = delete(_referral).where(_of_it, _beyond).cte("unreferred")
TAKE_BACK = Query(
    delete(_evidence)
    .where(_evidence.c.article_id == bindparam("article_id"), ~LOOKED_AT)
    .returning(_evidence.c.event_id)
    .add_cte(_forgotten, _uncounted)
    .add_cte(_forgotten, _unreferred)
)
"""Forgets what an article told, but for the rows of its first `referrals`, which it tells again (REFER)."""

IDS = Query(
    select(func.uuidv7(type_=Uuid).label("id")).select_from(func.generate_series(1, bindparam("count", type_=Integer)))
)

_its = select(_bank).where(_bank.c.id == _bank_alias.c.bank_id).limit(_ONE).lateral()
BANKS = Query(
    select(_bank_alias.c.key, *_its.c["id", "name", "region"])
    .select_from(_bank_alias.join(_its, true()))
    .where(_any(_bank_alias.c.key, "keys"))
)
_learnt_bank = insert(_bank).values(_values("id", "name") | {"kind": literal("other"), "origin": literal("learnt")})
LEARN_BANK = Query(
    insert(_bank_alias)
    .values(_values("key") | {"alias": bindparam("name"), "bank_id": bindparam("id")})
    .add_cte(_learnt_bank.cte("learnt"))
)

_published = _evidence.c.facts["published"].astext
TELLINGS_NEAR = Query(
    select(*_evidence.c["id", "event_id", "article_id", "facts", "names", "keys"])
    .where(_evidence.c["keys"].overlap(_array("keys")), _published.between(bindparam("first"), bindparam("last")))
    .order_by(_published.desc(), _evidence.c.id)
    .limit(bindparam("most"))
)

# Two looks into indexes and one for each firm found: a condition over names and stems at once would read all names.
_by_key = select(_firm_alias.c.firm_id, true().label("named")).where(_any(_firm_alias.c.key, "keys"))
_by_stem = select(_firm_alias.c.firm_id, false()).where(_any(_firm_alias.c.stem, "stems"))
_found = union_all(_by_key, _by_stem).subquery()
_like = (
    select(_found.c.firm_id, func.bool_or(_found.c.named).label("named"), func.bool_or(~_found.c.named).label("kin"))
    .group_by(_found.c.firm_id)
    .subquery()
)
_one = select(_firm).where(_firm.c.id == _like.c.firm_id).limit(_ONE).lateral()
_own_names = select(_firm_alias.c.alias).where(_firm_alias.c.firm_id == _like.c.firm_id)
_kin = _like.c.kin & _one.c.merged_into.is_(None)
FIRMS_LIKE = Query(
    select(*_one.c["id", "name", "region", "origin", "tech", "sector"], _like.c.named, _kin.label("kin"))
    .add_columns(*_one.c["edited_at", "edited", "refused"])
    .add_columns(func.array(_own_names.scalar_subquery()).label("aliases"))
    .select_from(_like.join(_one, true()))
    .where(or_(_like.c.named, _kin))
    .order_by(_one.c.id)
)
RENAME_FIRM = Query(update(_firm).where(_firm.c.id == bindparam("firm")).values(name=bindparam("called")))
_names = (
    func.unnest(_array("keys"), _array("aliases"), _array("stems"))
    .table_valued("key", "alias", "stem")
    .render_derived()
)
# names that the operator took from the firm
_taken_from_it = (
    select(_firm.c.id)
    .where(_firm.c.id == bindparam("firm_id", type_=_firm.c.id.type), _names.c.key == func.any(_firm.c.refused))
    .exists()
)
_aliases = (
    insert(_firm_alias)
    .from_select(
        ["key", "alias", "stem", "firm_id"],
        select(*_names.c, bindparam("firm_id", type_=_firm.c.id.type)).where(~_taken_from_it),
    )
    .on_conflict_do_nothing()
)
ADD_ALIASES = Query(_aliases)
_firm_learnt = {"id": bindparam("firm_id"), "origin": literal("learnt")}
LEARN_FIRM = Query(
    _aliases.add_cte(
        insert(_firm).values(_values("name", "tech", "sector", "region") | _firm_learnt).cte("learnt_firm")
    )
)

SAID = (
    *("firm_id", "firm_description", "branch", "instrument", "instrument_text", "amount_min", "amount_max"),
    *("currency", "qualifier", "shared_amount", "date", "date_from", "date_to", "term_months", "status", "tech"),
    *("sector", "regions", "confidence", "version", "state", "merged_into"),
)
ADD_EVENT = Query(insert(_event).values(_values("id", "bank_id", *SAID)))
SAVE_EVENT = Query(
    update(_event)
    .where(_event.c.id == bindparam("event"))
    .values({name: bindparam(name, type_=_event.c[name].type) for name in SAID})
    .values({"last_seen": func.now(), "facility_id": None})  # whose sum it shares is found anew
)
SET_FIRM = Query(update(_event).where(_event.c.id == bindparam("event")).values(firm_id=bindparam("firm_id")))
_with_names: list[Any] = [_bank.c.name.label("bank"), _bank.c.region.label("bank_region")]
_with_names += [_firm.c.name.label("firm"), _firm.c.region.label("firm_region"), _firm.c.edited.label("firm_edited")]
_with_names += [_firm.c.tech.label("firm_tech"), _firm.c.sector.label("firm_sector")]
EVENTS = Query(
    select(_event, *_with_names, _version.c.facts.label("before"))
    .join(_bank, _bank.c.id == _event.c.bank_id)
    .outerjoin(_firm, _firm.c.id == _event.c.firm_id)
    .outerjoin(_version, (_version.c.event_id == _event.c.id) & (_version.c.version == _event.c.version))
    .where(_any(_event.c.id, "events", Uuid))
    .order_by(_event.c.id)
)
FACTS_OF = Query(
    select(*_evidence.c["event_id", "facts"]).where(_any(_evidence.c.event_id, "events", Uuid)).order_by(_evidence.c.id)
)
TOLD = ("event_id", "article_id", "position", "start", "end", "quote", "facts", "spans", "names", "keys", "confidence")
ADD_EVIDENCE = Query(insert(_evidence).values(_values(*TOLD)))
MOVE_EVIDENCE = Query(update(_evidence).where(_any(_evidence.c.id, "ids", Uuid)).values(event_id=bindparam("to")))
_new_version = insert(_version).values(
    _values("event_id", "version", "facts", "previous") | {"type": bindparam("kind")}
)
ADD_VERSION = Query(_new_version)

_given_id = func.coalesce(bindparam("notice", type_=Uuid), func.uuidv7(type_=Uuid))
_new_notice = (
    insert(_notice)
    .values(_values("kind", "article_id", "event_id", "version") | {"id": _given_id})
    .on_conflict_do_nothing()
    .returning(_notice.c.id)
)
ADD_NOTICE = Query(_new_notice)
_new_news = insert(table(News)).values(_values("event_id", "version"))
TELL_VERSION = Query(_new_notice.add_cte(_new_version.cte("new_version"), _new_news.cte("new_news")))
"""A version with a notice of it, and its row among the news, from which the live stream reads."""


def _asked_for(trigger: str) -> ColumnElement[bool]:
    """Whether any list is told of such things."""
    return select(_list.c.id).where(_list.c.enabled, _list.c.triggers.contains([trigger])).exists()


_of_article = bindparam("article_id", type_=_notice.c.article_id.type)
ADD_EVIDENCE_NOTICE = Query(
    insert(_notice)
    .from_select(
        ["kind", "article_id", "event_id"],
        select(literal("event.evidence"), _of_article, bindparam("event_id", type_=_notice.c.event_id.type)).where(
            _asked_for("evidence")
        ),
    )
    .on_conflict_do_nothing()
    .returning(_notice.c.id)
)

# An article's mentions: the names that a register resolves, and those that are only watched.
PLACE = {"kind": Text, "name": Text, "start": Integer, "end": Integer, "where": Text, "watched": Boolean}
_place = (
    func.unnest(*(_array(name, of) for name, of in PLACE.items()), _array("key"))
    .table_valued(*PLACE, "key", with_ordinality="nth")
    .render_derived()
)
_mentions = (
    insert(_mention)
    .from_select(
        ["article_id", "kind", "name", "start", "end", "where", "bank_id", "firm_id"],
        select(bindparam("article_id", type_=_mention.c.article_id.type))
        .add_columns(*_place.c["kind", "name", "start", "end", "where"], _bank_alias.c.bank_id, _firm_alias.c.firm_id)
        .select_from(_place)
        .outerjoin(_bank_alias, (_place.c.kind == "bank") & (_bank_alias.c.key == _place.c.key))
        .outerjoin(_firm_alias, (_place.c.kind == "firm") & (_firm_alias.c.key == _place.c.key))
        .where(or_(_bank_alias.c.bank_id.is_not(None), _firm_alias.c.firm_id.is_not(None), _place.c.watched))
        .order_by(_place.c.nth),
    )
    .on_conflict_do_nothing()
)
ADD_MENTIONS = Query(_mentions)
_kept = _mentions.returning(_mention.c.id).cte("kept")
TELL_MENTIONS = Query(
    insert(_notice)
    .from_select(
        ["kind", "article_id"],
        select(literal("mention"), _of_article).where(select(_kept.c.id).exists(), _asked_for("mention")),
    )
    .on_conflict_do_nothing()
    .returning(_notice.c.id)
)
"""Mentions of an article that had none, with a notice of them."""

# Its text is indexed by and by (extractor/text_index.py), so that the way to an alert does not pay for it.
_to_index = (
    insert(_index)
    .values(_values("article_id"))
    .on_conflict_do_update(index_elements=["article_id"], set_={"grams": None})
    .cte("to_index")
)
_RECORDED = ("engine", "model", "lexicon", "events", "milliseconds")
_record = insert(_extraction).values(_values("article_id", *_RECORDED))
RECORD = Query(
    _record.on_conflict_do_update(
        index_elements=["article_id"],
        set_={name: _record.excluded[name] for name in _RECORDED} | {"at": func.now()},
    ).add_cte(_to_index)
)

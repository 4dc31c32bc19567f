"""The statements of alerts, composed once (core/sql.py tells why)."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Interval,
    bindparam,
    exists,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    text,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from alerts.timing import TIMES
from core.models import (
    Article,
    Attempt,
    Bank,
    BankAlias,
    Channel,
    Delivery,
    DigestEntry,
    Event,
    EventVersion,
    Evidence,
    Firm,
    FirmAlias,
    Mailbox,
    Mention,
    Notice,
    Watchlist,
    WatchlistChannel,
    WorkState,
)
from core.sql import Query, table

_article, _attempt, _channel, _delivery = map(table, (Article, Attempt, Channel, Delivery))
_event, _evidence, _mention, _version = map(table, (Event, Evidence, Mention, EventVersion))
_mailbox, _notice = table(Mailbox), table(Notice)
_bank, _bank_alias, _firm, _firm_alias = map(table, (Bank, BankAlias, Firm, FirmAlias))
_list, _sends_to = map(table, (Watchlist, WatchlistChannel))


def _all(found: Any, name: str) -> ColumnElement[Any]:
    """What a query of one column finds, as one array."""
    return func.array(found.scalar_subquery()).label(name)


SENDS: list[Any] = [_channel.c.id.label("channel_id"), _channel.c.kind.label("channel")]
SENDS += _channel.c["subscriber_id", "config", "secret", "old_secret", "old_secret_until"]
SENDS += _channel.c["failures", "failing_since", "probe_at", "paused"]
TAKES = _channel.c.enabled & _channel.c.confirmed_at.is_not(None)
_ALWAYS = {"zone": "Asia/Shanghai", "rhythm": "immediate"}
TIMED = [_list.c.id.label("watchlist_id"), *(_list.c[name] for name in TIMES)]  # when a list is told
_own_names = select(_firm_alias.c.alias).where(_firm_alias.c.firm_id == _event.c.firm_id)
_firm_keys = select(_firm_alias.c.key).where(_firm_alias.c.firm_id == _event.c.firm_id)
# watched words where they stand in the title or in what was quoted
_quoted = (_mention.c.start >= _evidence.c.start) & (_mention.c.end <= _evidence.c.end)
_words = (
    select(_mention.c.name)
    .join(_evidence, _evidence.c.article_id == _mention.c.article_id)
    .where(_evidence.c.event_id == _event.c.id, _mention.c.kind == "word", (_mention.c.where == "title") | _quoted)
    .distinct()
)
_bank_keys = select(_bank_alias.c.key).where(_bank_alias.c.bank_id == _event.c.bank_id)
_of_event = [column for column in _event.c if column.computed is None]  # what is computed serves to find events only
_events = (
    select(*_of_event, _bank.c.name.label("bank"), _firm.c.name.label("firm"), _version.c.previous)
    .add_columns(_all(_own_names, "aliases"), _all(_words, "words"))
    .add_columns(_all(_bank_keys, "bank_keys"), _all(_firm_keys, "firm_keys"))
    .select_from(_event)
    .join(_bank, _bank.c.id == _event.c.bank_id)
    .outerjoin(_firm, _firm.c.id == _event.c.firm_id)
    .join(_version, _version.c.event_id == _event.c.id)
)
EVENT = Query(_events.where(_event.c.id == bindparam("event_id")).where(_version.c.version == bindparam("version")))
NOTICE_EVENT = Query(
    _events.join(_notice, _notice.c.event_id == _event.c.id)
    .where(_notice.c.id == bindparam("notice_id"))
    .where(_version.c.version == func.coalesce(_notice.c.version, _event.c.version))
)
_tellings = (
    select(*_evidence.c["article_id", "quote", "start", "end"])
    .add_columns(*_article.c["title", "url", "source_name", "published"])
    .join(_article, _article.c.id == _evidence.c.article_id)
    .order_by(_evidence.c.id)
)
TELLINGS = Query(_tellings.where(_evidence.c.event_id == bindparam("event_id")))
_of_notice = select(_notice.c.event_id).where(_notice.c.id == bindparam("notice_id")).scalar_subquery()
NOTICE_TELLINGS = Query(_tellings.where(_evidence.c.event_id == _of_notice))


WATCHING_SOURCES = Query(
    select(_list.c.name, literal("").label("key"), *TIMED, *SENDS)
    .select_from(_list)
    .join(_sends_to, _sends_to.c.watchlist_id == _list.c.id)
    .join(_channel, _channel.c.id == _sends_to.c.channel_id)
    .where(_list.c.enabled, text("watchlist.triggers @> '{source}'::text[]"), TAKES)
    .order_by(_list.c.id, _channel.c.id)
)
ARTICLE = Query(select(_article).where(_article.c.id == bindparam("article_id")))
_keys = select(_bank_alias.c.key).where(_bank_alias.c.bank_id == _mention.c.bank_id)
_keys_too = select(_firm_alias.c.key).where(_firm_alias.c.firm_id == _mention.c.firm_id)
MENTIONS = Query(
    select(_mention, _all(_keys.union_all(_keys_too), "keys"))
    .where(_mention.c.article_id == bindparam("article_id"))
    .order_by(_mention.c.start)
)
_told_by = union(  # by deliveries of its own, and by digests
    *(
        select(one.c.channel_id, func.jsonb_array_elements_text(one.c.watchlists).label("name")).where(
            one.c.event_id == bindparam("event_id", type_=_event.c.id.type)
        )
        for one in (_delivery, table(DigestEntry))
    )
).subquery()
_still_sends = exists().where(_sends_to.c.watchlist_id == _list.c.id, _sends_to.c.channel_id == _channel.c.id)
_still = (_list.c.subscriber_id == _channel.c.subscriber_id) & (_list.c.name == _told_by.c.name) & _list.c.enabled
TOLD = Query(
    select(_told_by.c.name, literal("").label("key"), _list.c.id.label("watchlist_id"))
    # where the list is no more, its channel is told at once
    .add_columns(*(func.coalesce(_list.c[name], default).label(name) for name, default in _ALWAYS.items()))
    .add_columns(*(_list.c[name] for name in TIMES if name not in _ALWAYS), *SENDS)
    .select_from(_told_by)
    .join(_channel, _channel.c.id == _told_by.c.channel_id)
    .outerjoin(_list, _still & _still_sends)
    .where(TAKES, or_(_list.c.id.is_(None), _list.c.triggers.contains(literal_column("'{retracted}'::text[]"))))
    .order_by(_channel.c.id, _told_by.c.name)
)

_told = ["subscriber_id", "channel_id", "type", "event_id", "version", "article_id", "watchlists", "body"]
_told += ["notice_id", "source_id"]
_values: dict[str, Any] = {name: bindparam(name) for name in _told}
_held = {"attempts": literal(1), "lease_until": func.now() + bindparam("held", type_=Interval)}
ADD_DELIVERY = Query(upsert(_delivery).values(_values).on_conflict_do_nothing().returning(_delivery.c.id))
_with_attempt = upsert(_delivery).values({"id": bindparam("id")} | _values | _held)
_begun = _with_attempt.on_conflict_do_nothing().returning(_delivery.c.id).cte("begun")
NEW_ID = Query(select(func.uuidv7(type_=_delivery.c.id.type).label("id")))
BEGIN_DELIVERY = Query(
    insert(_attempt)
    .from_select(["delivery_id", "number"], select(_begun.c.id, literal(1)))
    .returning(_attempt.c.delivery_id.label("id"))
)

CHANNEL = Query(
    select(*SENDS, *_channel.c["enabled", "disabled_reason", "confirmed_at"], func.now().label("moment")).where(
        _channel.c.id == bindparam("channel_id")
    )
)
_id = bindparam("delivery_id", type_=_attempt.c.delivery_id.type)
_probe = bindparam("probe", type_=_attempt.c.probe.type)
_next = select(_id, func.coalesce(func.max(_attempt.c.number), 0) + 1, _probe).where(_attempt.c.delivery_id == _id)
_doubtful = (
    select(func.count()).where(_attempt.c.delivery_id == _id, _attempt.c.outcome.is_(None)).select_from(_attempt)
)
START_ATTEMPT = Query(
    insert(_attempt)
    .from_select(["delivery_id", "number", "probe"], _next)
    .returning(_attempt.c.number, _doubtful.scalar_subquery().label("doubtful"))
)
_ended = ("outcome", "reason", "milliseconds", "status_code", "answer")
END_ATTEMPT = Query(
    update(_attempt)
    .where(_attempt.c.delivery_id == _id, _attempt.c.number == bindparam("number"))
    .values({name: bindparam(name, type_=_attempt.c[name].type) for name in _ended})
)
DELIVERED = Query(
    update(_delivery)
    .where(_delivery.c.id == _id)
    .values(state=literal(str(WorkState.DONE)), lease_until=None, reason=None, delivered_at=func.clock_timestamp())
)
_own = _channel.c.id == bindparam("channel_id")
_free = or_(_delivery.c.lease_until.is_(None), _delivery.c.lease_until < func.now())
_waits = (_delivery.c.state == str(WorkState.OPEN)) & (_delivery.c.due_at <= func.now()) & _free
_waits &= _delivery.c.type != "confirmation"  # a question is asked by itself
_waiting = select(_delivery.c.id).where(_waits, _delivery.c.channel_id == bindparam("channel_id"))
_some = _waiting.limit(bindparam("most")).subquery()
TURNS = Query(
    select(_channel.c.recent, func.now().label("moment"))
    .add_columns(select(func.count()).select_from(_some).scalar_subquery().label("others"))
    .where(_own)
    .with_for_update(key_share=True, of=_channel)  # new deliveries of the channel need not wait
)
KEEP_TURNS = Query(update(_channel).where(_own).values(recent=bindparam("turns")))
_made = upsert(_mailbox).values(address=bindparam("address"))
_known = _made.on_conflict_do_update(index_elements=[_mailbox.c.address], set_={"address": _made.excluded.address})
ADDRESS_TURNS = Query(_known.returning(_mailbox.c.recent))
KEEP_ADDRESS_TURNS = Query(
    update(_mailbox).where(_mailbox.c.address == bindparam("address")).values(recent=bindparam("turns"))
)
_oldest = _waiting.order_by(_delivery.c.due_at).limit(bindparam("most")).with_for_update(skip_locked=True)
TAKE_WAITING = Query(
    update(_delivery)
    .where(_delivery.c.id.in_(_oldest.scalar_subquery()))
    .values(attempts=_delivery.c.attempts + 1, lease_until=func.now() + bindparam("held", type_=Interval))
    .returning(_delivery)
)
PUT_OFF = Query(
    update(_delivery)
    .where(_delivery.c.id == func.any(bindparam("ids", type_=ARRAY(_delivery.c.id.type))))
    .values(
        attempts=_delivery.c.attempts - 1,
        lease_until=None,
        sent_at=None,
        due_at=func.now() + bindparam("pause", type_=Interval),
        reason=bindparam("reason"),
    )
)
TAKE_PROBE = Query(
    update(_channel)
    .where(_own, or_(_channel.c.probe_at.is_(None), _channel.c.probe_at <= func.now()))
    .values(probe_at=func.now() + bindparam("pause", type_=Interval))
    .returning(_channel.c.id)
)
LOCK_CIRCUIT = Query(
    select(*_channel.c["failures", "failing_since", "probe_at"], func.now().label("moment"))
    .where(_own)
    .with_for_update(key_share=True)
)
_circuit = ("failures", "failing_since", "probe_at")
KEEP_CIRCUIT = Query(
    update(_channel).where(_own).values({name: bindparam(name, type_=_channel.c[name].type) for name in _circuit})
)
RELEASE = Query(
    update(_delivery)
    .where(_delivery.c.channel_id == bindparam("channel_id"), _delivery.c.state == str(WorkState.OPEN), _free)
    .values(due_at=func.now(), sent_at=None)
)
CHANNELS = Query(
    select(*SENDS, *_channel.c["enabled", "disabled_reason", "confirmed_at"], func.now().label("moment")).where(
        _channel.c.id == func.any(bindparam("ids", type_=ARRAY(_channel.c.id.type)))
    )
)
HOLD_BACK = Query(
    update(_delivery)
    .where(_delivery.c.id.in_(_waiting.with_for_update(skip_locked=True).scalar_subquery()))
    .values(sent_at=None, due_at=func.now() + bindparam("pause", type_=Interval), reason=bindparam("reason"))
)

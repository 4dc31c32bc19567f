"""Events with the telling that proves each first, in one query from the first row to the last."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, func, select
from sqlalchemy.orm import Session

from api.resources.events.filters import EventFilter, matching
from api.resources.exports.columns import Column, Item, Kind, at, moment, money
from api.resources.exports.tables.base import BATCH, Table
from core import sql
from core.models import Article, Bank, Event, Evidence, Firm, FirmAlias
from core.views import event_view

_ids = func.any(bindparam("ids", type_=ARRAY(Uuid)))
_TOLD = (Evidence.event_id, Evidence.article_id, Evidence.quote, Evidence.start, Evidence.end)
_WHERE = (Article.title, Article.url, Article.source_name, Article.published)
_ALIASES = select(FirmAlias.firm_id, FirmAlias.alias).where(FirmAlias.firm_id == _ids)
_TELLINGS = (
    select(*_TOLD, *_WHERE)
    .join(Article, Article.id == Evidence.article_id)
    .where(Evidence.event_id == _ids)
    .order_by(Evidence.id)
)


def items(session: Session, asked: EventFilter, _: UUID) -> Iterator[Sequence[Item]]:
    """The events that pass the filter, newest first seen first, each as the API answers it."""
    events = sql.table(Event)
    found = (
        matching(session, asked)
        .with_only_columns(*events.c, Bank.name.label("bank"), Firm.name.label("firm"))
        .join(Bank, Bank.id == Event.bank_id)
        .outerjoin(Firm, Firm.id == Event.firm_id)
        .order_by(Event.first_seen.desc(), Event.id.desc())
        .execution_options(yield_per=BATCH)
    )
    with session.execute(found) as result:
        for rows in result.mappings().partitions():
            names, tellings = _aliases(session, rows), _tellings(session, rows)
            yield [_view(dict(row), names, tellings.get(row["id"], [])) for row in rows]


def _view(row: dict[str, Any], names: dict[UUID, list[Any]], tellings: list[Any]) -> Item:
    bank, firm = row.pop("bank"), row.pop("firm")
    event = sql.record(Event, **row)
    event.bank = sql.record(Bank, name=bank)
    event.firm = sql.record(Firm, name=firm, aliases=names.get(row["firm_id"], [])) if firm else None
    return event_view(event, [(telling, telling) for telling in tellings])


def _aliases(session: Session, rows: Sequence[Any]) -> dict[UUID, list[Any]]:
    """The names of the batch's firms, rows with `alias`."""
    wanted = {row["firm_id"] for row in rows} - {None}
    return _by(session.execute(_ALIASES, {"ids": list(wanted)}))


def _tellings(session: Session, rows: Sequence[Any]) -> dict[UUID, list[Any]]:
    """The evidence of the batch's events, oldest first, with what is told of its articles."""
    return _by(session.execute(_TELLINGS, {"ids": [row["id"] for row in rows]}))


def _by(rows: Any) -> dict[UUID, list[Any]]:
    """Rows by what stands in their first column."""
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return found


def _first(name: str) -> Any:
    """What is told of the oldest telling."""
    return lambda item: item["evidence"][0][name] if item["evidence"] else None


COLUMNS = (
    Column("id", Kind.TEXT, at("id")),
    Column("bank", Kind.TEXT, at("bank", "name")),
    Column("branch", Kind.TEXT, at("branch")),
    Column("firm", Kind.TEXT, at("firm", "name")),
    Column("firm_aliases", Kind.WORDS, at("firm", "aliases")),
    Column("firm_description", Kind.TEXT, at("firm_description")),
    Column("tech", Kind.FLAG, at("tech")),
    Column("sector", Kind.TEXT, at("sector")),
    Column("regions", Kind.WORDS, at("regions")),
    Column("instrument", Kind.TEXT, at("instrument"), words="instrument"),
    Column("instrument_text", Kind.TEXT, at("instrument_text")),
    Column("amount_min", Kind.MONEY, money("amount", "min")),
    Column("amount_max", Kind.MONEY, money("amount", "max")),
    Column("currency", Kind.TEXT, at("amount", "currency")),
    Column("qualifier", Kind.TEXT, at("amount", "qualifier")),
    Column("shared_amount", Kind.FLAG, at("shared_amount")),
    Column("date", Kind.TEXT, at("date")),
    Column("term_months", Kind.WHOLE, at("term_months")),
    Column("status", Kind.TEXT, at("status"), words="status"),
    Column("confidence", Kind.SHARE, at("confidence")),
    Column("state", Kind.TEXT, at("state")),
    Column("version", Kind.WHOLE, at("version")),
    Column("merged_into", Kind.TEXT, at("merged_into")),
    Column("first_seen", Kind.MOMENT, moment("first_seen")),
    Column("last_seen", Kind.MOMENT, moment("last_seen")),
    Column("articles", Kind.WHOLE, lambda item: len({row["article_id"] for row in item["evidence"]})),
    Column("source", Kind.TEXT, _first("source")),
    Column("title", Kind.TEXT, _first("title")),
    Column("url", Kind.TEXT, _first("url")),
    Column(
        "published",
        Kind.MOMENT,
        lambda item: moment("published")(item["evidence"][0]) if item["evidence"] else None,
    ),
    Column("quote", Kind.TEXT, _first("quote")),
    Column("bank_id", Kind.TEXT, at("bank", "id")),
    Column("firm_id", Kind.TEXT, at("firm", "id")),
)
EVENTS = Table("events", COLUMNS, items)

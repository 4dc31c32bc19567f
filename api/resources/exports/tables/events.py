"""Events with the telling that proves each first, in one query from the first row to the last."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from api.resources.events.filters import EventFilter, matching
from api.resources.events.views import views
from api.resources.exports.columns import Column, Item, Kind, at, moment, money
from api.resources.exports.tables.base import BATCH, Table
from core.models import Event


def items(session: Session, asked: EventFilter, _: UUID) -> Iterator[Sequence[Item]]:
    """The events that pass the filter, newest first seen first, each as the API answers it."""
    found = (
        matching(session, asked)
        .with_only_columns(Event.id)
        .order_by(Event.first_seen.desc(), Event.id.desc())
        .execution_options(yield_per=BATCH)
    )
    with session.execute(found) as result:
        for ids in result.scalars().partitions():
            yield views(session, ids, evidence="full")


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

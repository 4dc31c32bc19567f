"""Deliveries to one's own channels, without their bodies."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from api.resources.deliveries import store
from api.resources.deliveries.routes import shown
from api.resources.deliveries.schemas import DeliveryOut, DeliveryQuery
from api.resources.exports.columns import Column, Item, Kind, at, moment
from api.resources.exports.tables.base import Table, pages


def items(session: Session, asked: DeliveryQuery, owner: UUID) -> Iterator[Sequence[Item]]:
    """The owner's deliveries that pass the filter, newest first."""
    for rows in pages(session, asked, lambda query: store.page(session, owner, query)):
        channels = store.channels(session, (row.channel_id for row in rows))
        yield [DeliveryOut.model_validate(shown(row, channels[row.channel_id])).model_dump(mode="json") for row in rows]


DELIVERIES = Table(
    "deliveries",
    (
        Column("id", Kind.TEXT, at("id")),
        Column("type", Kind.TEXT, at("type"), words="type"),
        Column("state", Kind.TEXT, at("state")),
        Column("reason", Kind.TEXT, at("reason")),
        Column("advice", Kind.TEXT, at("advice")),
        Column("channel", Kind.TEXT, at("channel")),
        Column("event", Kind.TEXT, at("event")),
        Column("version", Kind.WHOLE, at("version")),
        Column("article", Kind.TEXT, at("article")),
        Column("source", Kind.TEXT, at("source")),
        Column("watchlists", Kind.WORDS, at("watchlists")),
        Column("attempts", Kind.WHOLE, at("attempts")),
        Column("created_at", Kind.MOMENT, moment("created_at")),
        Column("due_at", Kind.MOMENT, moment("due_at")),
        Column("delivered_at", Kind.MOMENT, moment("delivered_at")),
    ),
    items,
)

"""Firms with their names."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from api.resources.exports.columns import Column, Item, Kind, at
from api.resources.exports.tables.base import Table, pages
from api.resources.firms import store
from api.resources.firms.routes import shown
from api.resources.firms.schemas import FirmOut, FirmQuery


def items(session: Session, asked: FirmQuery, _: UUID) -> Iterator[Sequence[Item]]:
    """The firms that pass the filter, last known first."""
    for rows in pages(session, asked, lambda query: store.page(session, query)):
        yield [FirmOut.model_validate(shown(row)).model_dump(mode="json") for row in rows]


FIRMS = Table(
    "firms",
    (
        Column("id", Kind.TEXT, at("id")),
        Column("name", Kind.TEXT, at("name")),
        Column("stock_code", Kind.TEXT, at("stock_code")),
        Column("sector", Kind.TEXT, at("sector")),
        Column("tech", Kind.FLAG, at("tech")),
        Column("region", Kind.TEXT, at("region")),
        Column("aliases", Kind.WORDS, at("aliases")),
    ),
    items,
)

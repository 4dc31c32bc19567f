"""Banks with their names."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from api.resources.banks import store
from api.resources.banks.routes import shown
from api.resources.banks.schemas import BankOut, BankQuery
from api.resources.exports.columns import Column, Item, Kind, at
from api.resources.exports.tables.base import Table, pages


def items(session: Session, asked: BankQuery, _: UUID) -> Iterator[Sequence[Item]]:
    """The banks that pass the filter, last registered first."""
    for rows in pages(session, asked, lambda query: store.page(session, query)):
        yield [BankOut.model_validate(shown(row)).model_dump(mode="json") for row in rows]


BANKS = Table(
    "banks",
    (
        Column("id", Kind.TEXT, at("id")),
        Column("name", Kind.TEXT, at("name")),
        Column("kind", Kind.TEXT, at("kind")),
        Column("parent", Kind.TEXT, at("parent")),
        Column("stock_code", Kind.TEXT, at("stock_code")),
        Column("region", Kind.TEXT, at("region")),
        Column("aliases", Kind.WORDS, at("aliases")),
    ),
    items,
)

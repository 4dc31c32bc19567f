"""The contract of a table: what can be taken away of one resource."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from api.pagination import PageQuery
from api.resources.exports.columns import Column, Item

BATCH = 1000  # rows that are held at a time
Q = TypeVar("Q", bound=PageQuery)


@dataclass(frozen=True)
class Table:
    """A table by its `name`. `items` answers all rows that pass the filter, in the order of the resource's list and in
    batches, given a session, the filter and who asks."""

    name: str
    columns: tuple[Column, ...]
    items: Callable[[Session, Any, UUID], Iterator[Sequence[Item]]]


def pages(session: Session, asked: Q, page: Callable[[Q], tuple[Sequence[Any], str | None]]) -> Iterator[Sequence[Any]]:
    """The rows of a list from its first page to its last, each page let go before the next."""
    cursor: str | None = None
    while True:
        rows, cursor = page(asked.model_copy(update={"limit": BATCH, "cursor": cursor}))
        yield rows
        session.expunge_all()
        if cursor is None:
            return

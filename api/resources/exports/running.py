"""A table on its way into a file: one query in one transaction, from the first row to the last, a batch at a time."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from threading import Lock
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.resources.exports.formats import Format
from api.resources.exports.tables import Table
from core import database

_CANCEL = 5.0  # seconds within which the server must take note that a query is not wanted any more


class Running:
    """Bytes of one export. `next` and `close` work in whatever thread calls them, one at a time; `cancel` at any time.

    The transaction sees the rows as they were when it began, and can change none.
    """

    def __init__(self, table: Table, asked: Any, owner: UUID, writer: Format) -> None:
        self._pieces = self._made(table, asked, owner, writer)
        self._connection: psycopg.Connection[Any] | None = None
        self._turn, self._held = Lock(), Lock()

    def next(self) -> bytes | None:
        """The next piece, which may be empty; None after the last."""
        with self._turn:
            return next(self._pieces, None)

    def close(self) -> None:
        """End the transaction, whole or not."""
        with self._turn:
            self._pieces.close()

    def cancel(self) -> None:
        """Make the server end the query that runs, if one does; whoever waits for its rows gets an error."""
        with self._held, suppress(psycopg.Error):
            if self._connection is not None:
                self._connection.cancel_safe(timeout=_CANCEL)

    def _made(self, table: Table, asked: Any, owner: UUID, writer: Format) -> Any:
        with Session(database.engine()) as session:
            try:
                self._begin(session)
                yield from _written(table.items(session, asked, owner), writer)
            finally:
                with self._held:  # from here on the connection may be someone else's
                    self._connection = None
                writer.drop()

    def _begin(self, session: Session) -> None:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        opened = session.connection(execution_options=options)
        driver = opened.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        self._connection = driver
        session.execute(text("SET LOCAL application_name = 'yinqi export'"))


def _written(batches: Iterator[Any], writer: Format) -> Iterator[bytes]:
    first = next(batches, ())  # before anything is written, so that what is wrong with the filter can still be told
    yield writer.begin()
    for batch in chain([first] if first else (), batches):
        yield writer.rows(batch)
    yield writer.end()

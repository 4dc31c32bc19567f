"""libpq's pipeline mode, driven by ourselves, for what every article and alert does.

Statements leave together, when an answer is read, which is then waited for, or when somebody is in a hurry. psycopg
can do nearly the same, and spends many times as long on each statement around libpq's own calls; its `pq` is those
calls, and values are written and read by its adapters here as there.
"""

import select
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count
from typing import Any

import psycopg
import structlog
from psycopg import abc
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import PipelineAborted, error_from_result
from psycopg.pq import ExecStatus, Format, PipelineStatus, TransactionStatus
from psycopg.pq.abc import PGresult

log = structlog.get_logger(__name__)
RowMaker = Callable[[PGresult], Callable[[Sequence[Any]], Any]]
"""Of an answer, what makes a row of its values."""
Prepared = dict[tuple[bytes, tuple[int, ...]], bytes]
"""The names of the statements that a connection has prepared, by their texts and the types of their values."""
_numbers = count(1)  # of names, which no connection is given twice


class Answer:
    """What a statement answers, waited for when it is read first. A statement without rows answers none."""

    def __init__(self, pipeline: "Pipeline", adapter: abc.Transformer, rows: RowMaker) -> None:
        self._pipeline, self._adapter, self._row_maker = pipeline, adapter, rows
        self._rows: Iterator[Any] | None = None
        self.result: PGresult | None = None

    def told(self, result: PGresult) -> None:
        """That is the answer."""
        self.result = result

    def fetchone(self) -> Any:
        """The next row; None where there is none left."""
        return next(self, None)

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        return list(self)

    def __iter__(self) -> Iterator[Any]:
        """The rows that are left."""
        return self

    def __next__(self) -> Any:
        """The next row."""
        if self._rows is None:
            self._rows = iter(self._loaded())
        return next(self._rows)

    def _loaded(self) -> list[Any]:
        if self.result is None:
            self._pipeline.wait_for(self)
        assert self.result is not None
        self._adapter.set_pgresult(self.result)
        return self._adapter.load_rows(0, self.result.ntuples, self._row_maker(self.result))


class Pipeline:
    """One journey of statements over a connection that is in no transaction; `close` or `abandon` it."""

    def __init__(self, connection: "psycopg.Connection[Any]", prepared: Prepared) -> None:
        self._connection, self._libpq, self._prepared = connection, connection.pgconn, prepared
        self._new: Prepared = {}  # in this pipeline: they are there if it is not aborted
        self._awaited: deque[Callable[[PGresult], object]] = deque()  # who is told what comes next
        self._libpq.enter_pipeline_mode()

    def ask(
        self, statement: bytes, values: Sequence[Any], rows: RowMaker, *, binary: bool = False, prepared: bool = True
    ) -> Answer:
        """Ask a statement in which `$1` stands for the first of its values. `binary` as to its answer; unless
        `prepared`, it is planned for its values."""
        adapter: abc.Transformer = Transformer(self._connection)
        form = Format.BINARY if binary else Format.TEXT
        given = adapter.dump_sequence(values, [PyFormat.AUTO] * len(values)) if values else None
        if prepared:
            name = self._name(statement, adapter.types or ())
            self._libpq.send_query_prepared(name, given, adapter.formats, form)
        else:
            self._libpq.send_query_params(statement, given, adapter.types, adapter.formats, form)
        answer = Answer(self, adapter, rows)
        self._awaited.append(answer.told)
        return answer

    def order(self, command: bytes) -> None:
        """Ask for what has no values and answers nothing."""
        self._libpq.send_query_params(command, None)
        self._awaited.append(_nobody)

    def hurry(self) -> None:
        """Have what was asked carried out and answered while this process does other work.

        To send each statement by itself would wake the server each time, often on the very core that asks.
        """
        self._libpq.send_flush_request()
        self._libpq.flush()

    def wait_for(self, answer: Answer) -> None:
        """Wait until it is there; raises the first error of a statement before it."""
        self.hurry()
        while answer.result is None:
            self._take()

    def close(self) -> None:
        """Wait until all is done; raises the first error."""
        self._libpq.pipeline_sync()
        self._awaited.append(_nobody)
        failed: psycopg.Error | None = None
        while self._awaited:
            try:
                self._take()
            except psycopg.Error as error:
                failed = failed or error
        self._libpq.exit_pipeline_mode()
        if failed:
            raise failed

    def abandon(self) -> None:
        """Leave nothing behind: what was begun is rolled back. Raises nothing."""
        try:
            if self._libpq.pipeline_status != PipelineStatus.OFF:
                self.close()
        except psycopg.Error as error:
            log.debug("pipeline.abandoned", error=str(error))
        finally:
            if self._libpq.pipeline_status != PipelineStatus.OFF:
                self._connection.close()
            elif self._libpq.transaction_status not in (TransactionStatus.IDLE, TransactionStatus.UNKNOWN):
                self._libpq.exec_(b"ROLLBACK")

    def _name(self, statement: bytes, types: tuple[int, ...]) -> bytes:
        key = statement, types
        name = self._prepared.get(key) or self._new.get(key)
        if name is None:
            name = self._new[key] = b"yinqi_%d" % next(_numbers)
            self._libpq.send_prepare(name, statement, types)
            self._awaited.append(partial(self._is_prepared, key, name))
        return name

    def _is_prepared(self, key: tuple[bytes, tuple[int, ...]], name: bytes, _: PGresult) -> None:
        self._prepared[key] = name

    def _take(self) -> None:
        """What the oldest statement that is not answered is answered."""
        if not self._awaited:
            raise PipelineAborted("this was never answered")
        told, result = self._awaited.popleft(), self._result()
        if result is None:
            raise psycopg.OperationalError(f"the connection is lost: {self._libpq.get_error_message()}")
        if result.status != ExecStatus.PIPELINE_SYNC:
            while self._result() is not None:  # a statement's last result is none
                pass
        if result.status == ExecStatus.FATAL_ERROR:
            raise error_from_result(result, encoding=self._connection.info.encoding)
        if result.status == ExecStatus.PIPELINE_ABORTED:
            raise PipelineAborted("an earlier statement failed")
        told(result)

    def _result(self) -> PGresult | None:
        while self._libpq.is_busy():
            unsent = self._libpq.flush()
            ready = select.poll()
            ready.register(self._libpq.socket, select.POLLIN | (select.POLLOUT if unsent else 0))
            ready.poll()
            self._libpq.consume_input()
        return self._libpq.get_result()


def _nobody(_: PGresult) -> None:
    """Nobody reads it."""

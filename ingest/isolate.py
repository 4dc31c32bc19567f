"""Reading of bodies in processes that can be killed: a hostile one costs its own article and nothing else.

`Readers` keeps a few readers (ingest.reading), started when there is something to read and ended when there was
nothing for a while, so that an idle ingest process stays small. What takes longer, needs more memory or crashes ends
its reader, which is replaced, and is ReaderKilled; what the reader refuses arrives as it was raised there.
"""

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from time import monotonic
from types import TracebackType
from typing import Self

import structlog

from ingest.errors import ReaderFailed
from ingest.formats.base import Body, Parsed
from ingest.reading.process import NoReader, Reader
from ingest.reading.wire import Limits

__all__ = ["NoReader", "Readers", "limits_for"]

log = structlog.get_logger(__name__)
MEBIBYTE = 2**20
PDF = Limits(seconds=30, memory=1024 * MEBIBYTE)  # up to 50 MiB and 200 pages
OTHER = Limits(seconds=20, memory=512 * MEBIBYTE)  # a feed of 14 MiB takes 7 s and 130 MiB here
MOST_MEMORY = max(PDF.memory, OTHER.memory)
PROCESSES = max(2, min(4, os.cpu_count() or 2))
_IDLE = 30.0  # seconds after which a reader that had nothing to read is ended
_MOST_BODIES = 500  # that one reader reads: libraries keep things, and what was taken over does not stay so
_CLOSED = "the readers of bodies were closed"


def limits_for(body: Body) -> Limits:
    """By what the body is, whatever it is said to be. The mark of a PDF may stand anywhere in its first 1024 bytes."""
    return PDF if b"%PDF-" in body.content[:1024] else OTHER


class Readers:
    """Up to `processes` readers, shared by any number of tasks and threads; `close` ends them.

    `module` (its `read` does the reading), `limits` and `idle` are for tests.
    """

    def __init__(
        self,
        processes: int = PROCESSES,
        *,
        module: str = "ingest.formats",
        limits: Callable[[Body], Limits] = limits_for,
        idle: float = _IDLE,
    ) -> None:
        self._module, self._limits, self._idle = module, limits, idle
        # A reader dies with the thread that started it (prctl(2), PR_SET_PDEATHSIG): these live as long as `self`.
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="reader")
        self._guard = threading.Lock()
        self._busy: set[Reader] = set()
        self._resting: list[tuple[float, Reader]] = []  # since when; the last to come goes first, so the others may end
        self._timer: threading.Timer | None = None
        self._closed = False

    async def read(self, body: Body) -> Parsed:
        """What the body holds; RejectedInput says why nothing can be read (ReaderKilled: why its reader was ended)."""
        return await asyncio.wrap_future(self._submit(body))

    def read_now(self, body: Body) -> Parsed:
        """The same for callers without an event loop."""
        return self._submit(body).result()

    def pids(self) -> list[int]:
        """Of the processes that there are at the moment."""
        with self._guard:
            return [reader.pid for reader in (*self._busy, *(reader for _, reader in self._resting))]

    def close(self) -> None:
        """End all readers; what is being read, or waits to be, is NoReader."""
        with self._guard:
            self._closed = True
            for reader in self._busy:
                reader.cut()
        self._threads.shutdown(wait=True)
        self._end_resting(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.close)

    def _submit(self, body: Body) -> "Future[Parsed]":
        try:
            return self._threads.submit(self._read, body)
        except RuntimeError as error:
            raise NoReader(_CLOSED) from error

    def _read(self, body: Body) -> Parsed:
        if reader := self._rested():
            with suppress(NoReader):  # it was killed while it rested; or all were closed
                return self._read_by(reader, body)
        return self._read_by(self._started(), body)

    def _read_by(self, reader: Reader, body: Body) -> Parsed:
        try:
            return reader.read(body, self._limits(body))
        except ReaderFailed as error:
            log.warning("reader.failed", reason=str(error), trace=error.trace)
            raise
        finally:
            self._give_back(reader)

    def _rested(self) -> Reader | None:
        """The one that rested shortest."""
        with self._guard:
            if not self._resting:
                return None
            reader = self._resting.pop()[1]
            self._busy.add(reader)
        return reader

    def _started(self) -> Reader:
        if self._closed:
            raise NoReader(_CLOSED)
        reader = Reader(self._module, memory=MOST_MEMORY)
        with self._guard:
            self._busy.add(reader)
            if self._closed:
                reader.cut()
        return reader

    def _give_back(self, reader: Reader) -> None:
        """To rest, unless it ended or has read enough."""
        keep = reader.bodies < _MOST_BODIES and reader.lives()
        with self._guard:
            self._busy.remove(reader)
            keep = keep and not self._closed
            if keep:
                self._resting.append((monotonic(), reader))
                self._watch()
        if not keep:
            reader.end()

    def _watch(self) -> None:
        """Look after the resting ones later, if nobody is to do so yet."""
        if self._timer is None and self._resting:
            self._timer = threading.Timer(self._idle, self._end_resting, [self._idle])
            self._timer.daemon = True
            self._timer.start()

    def _end_resting(self, longer_than: float) -> None:
        """End those that have rested that many seconds."""
        before = monotonic() - longer_than
        with self._guard:
            ended = [reader for since, reader in self._resting if since <= before]
            self._resting = [(since, reader) for since, reader in self._resting if since > before]
            if self._timer:
                self._timer.cancel()
                self._timer = None
            if not self._closed:
                self._watch()
        for reader in ended:
            reader.end()

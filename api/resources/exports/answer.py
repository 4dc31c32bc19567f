"""The answer that is a file: sent as it is made, no faster than it is taken, and no longer than someone takes it."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

import anyio
import structlog
from anyio.to_thread import run_sync
from fastapi import HTTPException, Response
from starlette.types import Receive, Scope, Send

from api.resources.exports import formats
from api.resources.exports.running import Running
from api.resources.exports.sheets import disposition, sheet
from api.resources.exports.tables import Table
from core.clock import day_in, now
from core.settings import settings

log = structlog.get_logger(__name__)
EACH = 2  # exports of one subscriber at a time
PATIENCE = 60.0  # seconds in which a piece must be taken
_AGAIN = {"retry-after": "10"}
_running: Counter[UUID] = Counter()


class Download(Response):
    """A table as a file. Errors before its first byte are answered as such; after it, the connection breaks."""

    def __init__(self, table: Table, asked: Any, owner: UUID) -> None:
        """`asked` is the filter with `format` and `headings` (schemas.Export); `owner` who asks."""
        self._table, self._asked, self._owner = table, asked, owner
        self._format = formats.find(asked.format)
        self._gone = False
        told = disposition(table, asked.format, day_in(now()))
        super().__init__(headers={"content-disposition": told}, media_type=self._format.media_type)
        del self.headers["content-length"]  # not known before the end

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        """Send it; HTTPException 429 or 503 where too many are on their way already."""
        with _place(self._owner):
            writer = self._format(sheet(self._table, self._asked.headings))
            running = Running(self._table, self._asked, self._owner, writer)
            watching = asyncio.create_task(self._watch(receive, running))
            try:
                await self._send(running, send)
            except Exception:
                if not self._gone:
                    raise
            finally:
                watching.cancel()
                await _let_go(running)

    async def _watch(self, receive: Receive, running: Running) -> None:
        """Where the reader hangs up, what the database does for it ends at once."""
        while (await receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        await run_sync(running.cancel)
        log.info("export.abandoned", table=self._table.name)

    async def _send(self, running: Running, send: Send) -> None:
        piece = await _next(running)
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        while piece is not None and not self._gone:
            with anyio.move_on_after(PATIENCE) as waiting:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            if waiting.cancelled_caught:
                log.info("export.stuck", table=self._table.name)
                return  # and the connection breaks, since the answer is not whole
            piece = await _next(running)
        if not self._gone:
            await send({"type": "http.response.body", "body": b""})


async def _next(running: Running) -> bytes | None:
    """The next piece that is not empty, None after the last."""
    piece: bytes | None = b""
    while piece == b"":
        piece = await run_sync(running.next, abandon_on_cancel=True)
    return piece


async def _let_go(running: Running) -> None:
    """End the query even where this task is being cancelled, and wait until it has ended."""
    ending = partial(run_sync, _end, running)
    with anyio.CancelScope(shield=True):
        await ending()


def _end(running: Running) -> None:
    running.cancel()
    running.close()


@contextmanager
def _place(owner: UUID) -> Iterator[None]:
    """One of the places for exports; this is asyncio's one thread, so that counting needs no lock."""
    if _running[owner] >= EACH:
        reason = f"you have {EACH} exports on their way: wait for one to end"
        raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS, reason, _AGAIN)
    if _running.total() >= settings().export_concurrency:
        reason = "as many exports are on their way as this server makes at a time"
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, reason, _AGAIN)
    _running[owner] += 1
    try:
        yield
    finally:
        _running[owner] -= 1
        if not _running[owner]:
            del _running[owner]

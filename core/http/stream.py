"""A connection as httpcore's async side reads and writes it, straight on the event loop's transports.

httpcore's own goes through a layer for several event loops, which took a third of the time of a small request.
"""

import asyncio
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from ssl import SSLContext, SSLError
from typing import Any

import httpcore

_MOST_WAITING = 256 * 1024  # bytes that are taken in before they are read


async def connect(address: str, port: int, timeout: float | None, options: Iterable[Any] | None = None) -> "_Stream":
    """A stream to an address; httpcore.ConnectError or ConnectTimeout where there is none."""
    wire = _Wire()
    try:
        async with asyncio.timeout(timeout):
            transport, _ = await asyncio.get_running_loop().create_connection(lambda: wire, address, port)
    except TimeoutError as error:
        raise httpcore.ConnectTimeout(str(error)) from error
    except OSError as error:
        raise httpcore.ConnectError(str(error)) from error
    for option in options or ():
        transport.get_extra_info("socket").setsockopt(*option)
    return _Stream(wire, transport)


class _Wire(asyncio.Protocol):
    """What came and was not read yet, and whether more may be written."""

    def __init__(self) -> None:
        self.came: deque[bytes] = deque()
        self.size = 0
        self.ended = False
        self.lost: Exception | None = None
        self.transport: Any = None
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._full = self._paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.came.append(data)
        self.size += len(data)
        if self.size > _MOST_WAITING and not self._paused:
            self._paused = True
            self.transport.pause_reading()
        _wake(self._reader)

    def eof_received(self) -> None:
        self.ended = True
        _wake(self._reader)

    def connection_lost(self, error: Exception | None) -> None:
        self.ended, self.lost = True, error
        _wake(self._reader)
        _wake(self._writer)

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        _wake(self._writer)

    async def something(self, timeout: float | None) -> None:
        """Until there is something to read, be it the end."""
        while not self.came and not self.ended:
            self._reader = asyncio.get_running_loop().create_future()
            async with asyncio.timeout(timeout):
                await self._reader

    async def room(self, timeout: float | None) -> None:
        """Until more may be written."""
        while self._full and not self.ended:
            self._writer = asyncio.get_running_loop().create_future()
            async with asyncio.timeout(timeout):
                await self._writer

    def taken(self, most: int) -> bytes:
        """Up to `most` bytes of what came."""
        if not self.came:
            return b""
        piece = self.came.popleft()
        if len(piece) > most:
            self.came.appendleft(piece[most:])
            piece = piece[:most]
        self.size -= len(piece)
        if self._paused and self.size <= _MOST_WAITING // 2:
            self._paused = False
            with suppress(RuntimeError):  # it is closing
                self.transport.resume_reading()
        return piece


class _Stream(httpcore.AsyncNetworkStream):
    """Closes when it is cancelled amid the TLS handshake."""

    def __init__(self, wire: _Wire, transport: Any) -> None:
        self._wire, self._transport = wire, transport

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        wire = self._wire
        try:
            await wire.something(timeout)
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from error
        if not wire.came and wire.lost is not None:
            raise httpcore.ReadError(str(wire.lost)) from wire.lost
        return wire.taken(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not buffer:
            return
        if self._wire.lost is not None or self._transport.is_closing():
            raise httpcore.WriteError("the connection is closed")
        self._transport.write(buffer)
        try:
            await self._wire.room(timeout)
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from error

    async def aclose(self) -> None:
        # TLS would wait for the other side's good-bye; all that counts was framed by HTTP
        if self._transport.get_extra_info("ssl_object") is None:
            self._transport.close()
        else:
            self._transport.abort()

    async def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                made = await loop.start_tls(self._transport, self._wire, ssl_context, server_hostname=server_hostname)
        except BaseException as error:
            self._transport.abort()
            if isinstance(error, TimeoutError):
                raise httpcore.ConnectTimeout(str(error)) from error
            if isinstance(error, SSLError | OSError):
                raise httpcore.ConnectError(str(error)) from error
            raise
        if made is None:
            raise httpcore.ConnectError("the connection was closed during the handshake")
        self._wire.transport = made
        return _Stream(self._wire, made)

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return bool(self._wire.came) or self._wire.ended
        names = {"client_addr": "sockname", "server_addr": "peername"}
        return self._transport.get_extra_info(names.get(info, info))


def _wake(waiter: "asyncio.Future[None] | None") -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)
